using System.Diagnostics;
using System.Globalization;
using CloudRewind.TestSupport;

namespace CloudRewind.DevStack.Tests;

public sealed class RunningProcessTests
{
    [SkippableFact]
    public async Task A_process_that_has_ended_and_that_its_parent_has_not_waited_for_does_not_exist()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Only there such a process is still listed.");
        using var parent = Process.Start(
            new ProcessStartInfo("sh", ["-c", "true & echo $!; exec sleep 30"]) { RedirectStandardOutput = true })!;
        var child = int.Parse((await parent.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);

        await Eventually.GetAsync(() => Task.FromResult(RunningProcess.Exists(child)), exists => !exists, "the end of the child");

        Assert.True(RunningProcess.Exists(parent.Id));
        parent.Kill();
    }
}
