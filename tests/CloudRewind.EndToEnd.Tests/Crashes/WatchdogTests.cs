namespace CloudRewind.EndToEnd.Tests.Crashes;

/// <summary>Orchestration engines lose instances; the watchdog, which looks once a minute, brings what they drove to its outcome.</summary>
public sealed class WatchdogTests(WatchdogTests.LostOrchestrations fixture) : IClassFixture<WatchdogTests.LostOrchestrations>
{
    private readonly LostOrchestrations lost = fixture;

    [OwnProcessFact]
    public Task A_protection_that_was_created_and_never_started_comes_to_its_outcome() =>
        ComesToAsync(lost.Created, [.. TimelineAssert.Captured, "success"], "sim-ok-a");

    [OwnProcessFact]
    public Task A_protection_whose_orchestration_is_lost_while_in_progress_comes_to_its_outcome() =>
        ComesToAsync(lost.InProgress, [.. TimelineAssert.Captured, "partially-protected"], "sim-slow-a");

    [OwnProcessFact]
    public Task A_protection_whose_orchestration_was_terminated_comes_to_its_outcome() =>
        ComesToAsync(lost.Terminated, [.. TimelineAssert.Captured, "success"], "sim-slow-a");

    [OwnProcessFact]
    public Task A_protection_whose_orchestration_is_lost_before_retention_ends_elapses() =>
        ComesToAsync(lost.Kept, [.. TimelineAssert.Captured, "success", "elapsed"]);

    private async Task ComesToAsync((ApiClient Client, string Id) protection, string[] way, params string[] snapshots)
    {
        var (client, id) = protection;
        await client.WatchAsync(id, way[^1]);

        await lost.App.Tables.HasTimelineAsync(id, way);
        Assert.Equal(snapshots, await lost.App.Tables.SnapshotsAsync(id));
    }

    public sealed class LostOrchestrations : OwnAppFixture
    {
        internal (ApiClient Client, string Id) Created { get; private set; }

        internal (ApiClient Client, string Id) InProgress { get; private set; }

        internal (ApiClient Client, string Id) Terminated { get; private set; }

        internal (ApiClient Client, string Id) Kept { get; private set; }

        private protected override Task<App> StartAsync() => App.StartAsync(("Watchdog__Patience", "00:00:01"));

        private protected override async Task ArrangeAsync()
        {
            Kept = await ProtectAsync("PT20S", "sim-ok-a");
            await Kept.Client.WatchAsync(Kept.Id, "success");
            InProgress = await ProtectAsync("P30D", "sim-slow-a", "sim-fail-b");
            Terminated = await ProtectAsync("P30D", "sim-slow-a");
            await InProgress.Client.WatchAsync(InProgress.Id, "in-progress");
            await Terminated.Client.WatchAsync(Terminated.Id, "in-progress");
            await App.Engine.TerminateAsync(Terminated.Id);
            await App.Process.KillBothAsync();

            // With steps of minutes a new one stays in created until the kill.
            App.Process.Settings["Simulation__StepTime"] = "00:05:00";
            await App.Process.StartAsync();
            Created = await ProtectAsync("P30D", "sim-ok-a");
            await App.Process.KillBothAsync();

            foreach (var (_, id) in new[] { Created, InProgress, Kept })
                await App.Engine.LoseAsync(id);
            await App.Tables.HasTimelineAsync(Created.Id, "created");
            App.Process.Settings["Simulation__StepTime"] = "00:00:00.3";
            await App.Process.StartAsync();
        }

        private async Task<(ApiClient Client, string Id)> ProtectAsync(string retention, params string[] resources)
        {
            var client = App.NewAssembly();
            return (client, await client.ProtectAsync(resources, retention));
        }
    }
}
