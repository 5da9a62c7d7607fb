using System.Diagnostics;
using System.Globalization;
using CloudRewind.TestSupport;

namespace CloudRewind.DevStack.Tests;

public sealed class ProcessIdentityTests
{
    [SkippableFact]
    public async Task A_process_that_was_killed_and_that_nobody_has_waited_for_is_not_alive()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Only there such a process is still listed.");
        using var parent = Process.Start(new ProcessStartInfo("sh", ["-c", "true & echo $!; exec sleep 30"]) { RedirectStandardOutput = true })!;
        var child = int.Parse((await parent.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);

        await Eventually.GetAsync(() => Task.FromResult(ProcessIdentity.Of(child)), identity => identity is null, "the end of the child");

        Assert.NotNull(ProcessIdentity.Of(parent.Id));
        parent.Kill();
    }
}
