using System.Diagnostics;

namespace CloudRewind.EndToEnd.Tests.Crashes;

/// <summary>
/// The queue service is away while activities are at work, for longer than the engine tries to take their messages out or to give them back: it then takes each redelivery
/// for a duplicate, and calls instances running that it drives no more.
/// </summary>
public sealed class QueueOutageTests(QueueOutageTests.AwayQueues fixture) : IClassFixture<QueueOutageTests.AwayQueues>
{
    private readonly App app = fixture.App;

    [OwnProcessFact]
    public async Task What_the_engine_has_lost_by_an_outage_of_its_queues_comes_to_its_outcome()
    {
        var clients = Enumerable.Range(0, 4).Select(_ => app.NewAssembly()).ToList();
        var ids = await Task.WhenAll(clients.Select(client => client.ProtectAsync(["sim-ok-a"])));
        foreach (var (client, id) in clients.Zip(ids))
            await client.WatchAsync(id, "preparing"); // for another twenty seconds
        fixture.Begin();
        await Eventually.GetAsync(() => Task.FromResult(fixture.IsAway), isAway => !isAway, "the queues to be back");

        foreach (var (client, id) in clients.Zip(ids))
        {
            await client.WatchAsync(id, "success");
            await app.Tables.HasTimelineAsync(id, [.. TimelineAssert.Captured, "success"]);
            Assert.Equal(["sim-ok-a"], await app.Tables.SnapshotsAsync(id));
        }

        var timelines = await Task.WhenAll(clients.Zip(ids, (client, id) => client.TimelineAsync(id)));
        var replaced = timelines.SelectMany(timeline => timeline.GetProperty("events").EnumerateArray()).Where(happened => happened.GetProperty("kind").GetString() == "orchestration-replaced");
        Assert.NotEmpty(replaced); // else nothing was lost
    }

    public sealed class AwayQueues : OwnAppFixture
    {
        private static readonly TimeSpan Outage = TimeSpan.FromSeconds(100);

        private long? begun;
        private StorageProxy? queues;

        internal bool IsAway => begun is { } since && Stopwatch.GetElapsedTime(since) < Outage;

        public override async Task DisposeAsync()
        {
            await base.DisposeAsync();
            if (queues is not null)
                await queues.DisposeAsync();
        }

        internal void Begin() => begun = Stopwatch.GetTimestamp();

        private protected override async Task<App> StartAsync()
        {
            var storage = await StorageEmulator.StartAsync();
            queues = await StorageProxy.StartAsync(storage.QueuePort);
            queues.Records = false;
            queues.Faults = _ => IsAway ? new StorageFault.Refused(503, "ServerBusy") : null;
            return await App.StartAsync(storage, queues, ("Watchdog__Patience", "00:00:01"), ("Simulation__StepTime", "00:00:10"));
        }
    }
}
