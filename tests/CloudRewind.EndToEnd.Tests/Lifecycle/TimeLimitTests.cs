namespace CloudRewind.EndToEnd.Tests.Lifecycle;

/// <summary>A run that takes longer than it may ends with what it has.</summary>
[Collection(nameof(ConfiguredApp))]
public sealed class TimeLimitTests(ConfiguredApp fixture)
{
    private readonly App app = fixture.App;

    [OwnProcessFact]
    public Task With_none_captured_it_failed() => EndsAsync(["sim-stuck-a", "sim-fail-b"], "failed", "sim-stuck-a");

    [OwnProcessFact]
    public Task With_some_captured_it_is_partially_protected() =>
        EndsAsync(["sim-ok-a", "sim-stuck-b"], "partially-protected", "sim-ok-a", "sim-stuck-b");

    [OwnProcessFact]
    public async Task What_had_begun_is_removed_with_the_rest()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(["sim-stuck-a", "sim-ok-b"], "PT1S");
        await client.WatchAsync(id, "elapsed");

        await app.Tables.HasTimelineAsync(id, [.. TimelineAssert.Captured, "partially-protected", "elapsed"]);
        Assert.Empty(await app.Tables.SimulatedAsync(id));
    }

    private async Task EndsAsync(string[] resources, string outcome, params string[] snapshots)
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(resources);

        var seen = await client.WatchAsync(id, "success", "partially-protected", "failed");

        string[] way = [.. TimelineAssert.Captured, outcome];
        seen.FollowsInOrder(way);
        await app.Tables.HasTimelineAsync(id, way);
        Assert.Equal(snapshots, await app.Tables.SnapshotsAsync(id));
    }
}
