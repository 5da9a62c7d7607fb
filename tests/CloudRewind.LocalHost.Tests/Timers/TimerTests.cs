using CloudRewind.LocalHost.Tests.Support;

namespace CloudRewind.LocalHost.Tests.Timers;

/// <summary>A timer function that is due each second, on hosts that share a storage.</summary>
public sealed class TimerTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    [Fact]
    public async Task A_timer_runs_once_at_a_time_on_one_host_at_a_time_and_another_takes_over()
    {
        using var first = Host();
        using var second = Host();
        await first.StartAsync();
        first.Notes.Add("hold-tick");
        await first.Notes.UntilAsync("ticks", lines => lines is [.., var last] && IsBegin(last), "a run");
        await second.StartAsync();
        Assert.Empty(second.Notes.Lines("ticks"));
        Assert.True(IsBegin(first.Notes.Lines("ticks")[^1])); // Due many times since, and still the one run.

        first.Notes.Add("open-tick");
        var before = first.Notes.Lines("ticks").Count;
        var lines = await first.Notes.UntilAsync("ticks", before + 5);
        Assert.All(lines.Chunk(2).Where(pair => pair.Length == 2), pair => Assert.True(IsBegin(pair[0]) && !IsBegin(pair[1])));
        Assert.Empty(second.Notes.Lines("ticks"));

        HostProgram.Kill(first.ProcessId);
        await second.Notes.UntilAsync("ticks", 4);
        Assert.EndsWith("late", second.Notes.Lines("ticks")[0], StringComparison.Ordinal); // Its time passed while the lease of the dead one still held.
        Assert.EndsWith("in time", second.Notes.Lines("ticks")[2], StringComparison.Ordinal);
    }

    private HostProgram Host()
    {
        var host = new HostProgram(storage.ConnectionString);
        host.Settings["Probe__Schedule"] = "* * * * * *";
        return host;
    }

    private static bool IsBegin(string line) => line.StartsWith("begin", StringComparison.Ordinal);
}
