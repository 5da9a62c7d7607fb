using System.Globalization;
using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using CloudRewind.FunctionsHost.Tests.Support;
using CloudRewind.FunctionsHost.Timers;
using CloudRewind.TestSupport;
using NCrontab;

namespace CloudRewind.FunctionsHost.Tests.Timers;

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
        await first.Notes.UntilAsync(
            "ticks", lines => lines is [.., var last] && last.StartsWith("held", StringComparison.Ordinal), "a run that waits");
        await second.StartAsync();
        Assert.Empty(second.Notes.Lines("ticks"));
        Assert.StartsWith("held", first.Notes.Lines("ticks")[^1], StringComparison.Ordinal); // due many times since, and still the one run

        first.Notes.Remove("hold-tick");
        first.Notes.Add("open-tick");
        var before = first.Notes.Lines("ticks").Count;
        var runs = (await first.Notes.UntilAsync("ticks", before + 5))
            .Where(line => !line.StartsWith("held", StringComparison.Ordinal))
            .Chunk(2)
            .Where(run => run.Length == 2);
        Assert.All(
            runs,
            run => Assert.True(run[0].StartsWith("begin", StringComparison.Ordinal) && run[1].StartsWith("end", StringComparison.Ordinal)));
        Assert.Empty(second.Notes.Lines("ticks"));

        HostProgram.Kill(first.ProcessId);
        await second.Notes.UntilAsync("ticks", 4);
        // Its time passed while the lease of the dead one still held.
        Assert.EndsWith("late", second.Notes.Lines("ticks")[0], StringComparison.Ordinal);
        Assert.EndsWith("in time", second.Notes.Lines("ticks")[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_timer_goes_on_after_answers_of_storage_that_break_off()
    {
        await using var emulator = await StorageEmulator.StartAsync();
        await using var blobs = await StorageProxy.StartAsync(emulator.BlobPort);
        var cuts = 0;
        using (var first = Host(emulator.ConnectionString))
        {
            await first.StartAsync();
            await first.Notes.UntilAsync("ticks", 2); // now the timer has a state that is read at the next start
        }

        using var host = Host(emulator.ConnectionStringThrough(blobPort: blobs.Port));
        blobs.Faults = request =>
            request is { Method: "GET", Target: var target }
                && target.Contains("/status", StringComparison.Ordinal)
                && Interlocked.Increment(ref cuts) <= 20
            ? new StorageFault.Cut()
            : null;

        await host.StartAsync();

        await host.Notes.UntilAsync("ticks", 2);
        Assert.True(cuts >= 20, $"{cuts}");
    }

    [Fact]
    public async Task A_timer_whose_state_is_of_a_clock_that_was_ahead_goes_on_at_its_next_time()
    {
        await using var emulator = await StorageEmulator.StartAsync();
        using (var before = Host(emulator.ConnectionString))
        {
            await before.StartAsync();
            await before.Notes.UntilAsync("ticks", 2);
        }

        var container = new BlobContainerClient(emulator.ConnectionString, "azure-webjobs-hosts");
        var ahead = DateTime.UtcNow.AddDays(40);
        await foreach (var item in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, "timers/", CancellationToken.None))
        {
            var blob = container.GetBlobClient(item.Name);
            await blob.GetBlobLeaseClient().BreakAsync(TimeSpan.Zero);
            await blob.UploadAsync(
                BinaryData.FromString(JsonSerializer.Serialize(new { Last = ahead, Next = ahead.AddSeconds(1), LastUpdated = ahead })),
                overwrite: true);
        }

        using var host = Host(emulator.ConnectionString);
        await host.StartAsync();

        await host.Notes.UntilAsync("ticks", 4);
        await host.UntilSaidAsync("The clock was turned back");
    }

    [Theory]
    [InlineData("2026-01-01T00:00:59", false)] // it waits
    [InlineData("2026-01-01T00:01:00", false)] // it ran in the moment before it was due
    [InlineData("2026-01-01T00:00:00", false)]
    [InlineData("2025-12-31T23:58:59", true)]
    [InlineData("2025-11-22T00:00:00", true)]
    [InlineData("2026-02-10T00:00:00", false)] // past due
    public void A_time_that_was_due_by_a_clock_that_was_ahead_is_told_from_one_that_is_due_next(string now, bool isBeyond)
    {
        var schedule = new TimerSchedule(CrontabSchedule.Parse("* * * * *"), RunOnStartup: false);

        Assert.Equal(
            isBeyond,
            schedule.IsBeyond(new DateTime(2026, 1, 1, 0, 1, 0, DateTimeKind.Utc), DateTime.Parse(now, CultureInfo.InvariantCulture)));
    }

    private HostProgram Host(string? connectionString = null)
    {
        var host = new HostProgram(connectionString ?? storage.ConnectionString);
        host.Settings["Probe__Schedule"] = "* * * * * *";
        return host;
    }
}
