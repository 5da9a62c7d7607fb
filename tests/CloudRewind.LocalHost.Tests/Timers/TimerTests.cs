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
        await first.Notes.UntilAsync("ticks", lines => lines is [.., var last] && last.StartsWith("held", StringComparison.Ordinal), "a run that waits");
        await second.StartAsync();
        Assert.Empty(second.Notes.Lines("ticks"));
        Assert.StartsWith("held", first.Notes.Lines("ticks")[^1], StringComparison.Ordinal); // Due many times since, and still the one run.

        first.Notes.Remove("hold-tick");
        first.Notes.Add("open-tick");
        var before = first.Notes.Lines("ticks").Count;
        var runs = (await first.Notes.UntilAsync("ticks", before + 5)).Where(line => !line.StartsWith("held", StringComparison.Ordinal)).Chunk(2).Where(run => run.Length == 2);
        Assert.All(runs, run => Assert.True(run[0].StartsWith("begin", StringComparison.Ordinal) && run[1].StartsWith("end", StringComparison.Ordinal)));
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
}
