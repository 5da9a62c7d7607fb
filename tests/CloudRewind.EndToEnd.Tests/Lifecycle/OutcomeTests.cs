using System.Text.Json.Nodes;

namespace CloudRewind.EndToEnd.Tests.Lifecycle;

/// <summary>What a run comes to, by how its resources behave.</summary>
public sealed class OutcomeTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private static readonly string[] Many = [.. Enumerable.Range(0, 70).Select(i => $"sim-ok-{i:D2}")];

    private readonly App app = fixture.App;

    [Fact]
    public Task Some_captured_and_some_not_is_partially_protected() =>
        EndsAsync(["sim-ok-a", "sim-fail-b"], [.. TimelineAssert.Captured, "partially-protected"], ["sim-ok-a"]);

    [Fact]
    public Task None_captured_is_failed() =>
        EndsAsync(["sim-fail-a", "sim-fail-b"], [.. TimelineAssert.Captured, "failed"], []);

    [Fact]
    public Task Nothing_to_protect_is_skipped() =>
        EndsAsync([], ["created", "preparing", "skipped"], []);

    [Theory]
    [InlineData("""{"filterType":"vpc","vpcId":"vpc-0b2c3d4e5f6071829"}""", "success", "sim-ok-staging-1-root@staging-1")]
    [InlineData("""{"filterType":"tags","tags":[{"key":"application","value":"crm"}]}""", "partially-protected", "sim-ok-crm-1-data@crm-1", "sim-ok-crm-1-root@crm-1")]
    [InlineData("""{"filterType":"tags","tags":[{"key":"application","value":"unknown"}]}""", "skipped")]
    public async Task What_a_filter_selects_from_the_made_up_account_is_captured(string filter, string outcome, params string[] captured)
    {
        var client = app.NewAssembly();
        var body = AssemblyBody.Of();
        body["resourceFilterStrategy"] = JsonNode.Parse(filter);
        await client.PutAssemblyAsync(body);
        var id = await client.ProtectAgainAsync();

        await client.WatchAsync(id, outcome);

        Assert.Equal(captured, (await app.Tables.SnapshotsAsync(id)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public Task What_fails_twice_and_then_works_is_a_success() =>
        EndsAsync(["sim-flaky-a"], [.. TimelineAssert.Captured, "success"], ["sim-flaky-a"]);

    [Fact]
    public Task What_takes_many_steps_is_a_success() =>
        EndsAsync(["sim-slow-a", "sim-ok-b"], [.. TimelineAssert.Captured, "success"], ["sim-ok-b", "sim-slow-a"]);

    [Fact]
    public async Task The_reason_of_an_outcome_names_a_resource_that_failed()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(["sim-ok-a", "sim-fail-b"]);
        await client.WatchAsync(id, "partially-protected");

        Assert.Contains("sim-fail-b", (await app.Tables.TransitionsAsync(id))[^1].GetString("Reason"), StringComparison.Ordinal);
    }

    [Fact]
    public Task More_resources_than_are_captured_at_once_are_all_captured() =>
        EndsAsync(Many, [.. TimelineAssert.Captured, "success"], Many);

    [Fact]
    public Task More_resources_than_are_captured_at_once_are_all_removed() => ElapsesAsync(Many, [.. TimelineAssert.Captured, "success"]);

    [Fact]
    public async Task What_cannot_be_removed_is_pruning_failed_and_tried_again_until_it_elapses()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(["sim-keep-a", "sim-ok-b"], "PT1S");

        var seen = (await client.WatchAsync(id, "pruning-failed")).ToList();
        Assert.Equal("sim-keep-a", Assert.Single(await app.Tables.InventoryAsync(id)).GetString("ResourceId"));
        await Eventually.GetAsync(
            async () => (await app.Tables.SimulatedAsync(id)).All(row => row.GetInt32("Count") is not 1), isTriedAgain => isTriedAgain, "a second attempt");
        seen.AddRange(await client.WatchAsync(id, "elapsed"));

        Assert.Equal(seen.Select(status => status.Sequence).Order(), seen.Select(status => status.Sequence));
        await app.Tables.HasTimelineAsync(id, [.. TimelineAssert.Captured, "success", "pruning-failed", "elapsed"]);
        Assert.Empty(await app.Tables.InventoryAsync(id));
        Assert.Empty(await app.Tables.SimulatedAsync(id));
    }

    [Fact]
    public Task What_was_skipped_elapses_too() => ElapsesAsync([], "created", "preparing", "skipped");

    [Fact]
    public Task What_failed_elapses_too() => ElapsesAsync(["sim-fail-a"], [.. TimelineAssert.Captured, "failed"]);

    [Fact]
    public Task What_is_partially_protected_elapses_too() => ElapsesAsync(["sim-ok-a", "sim-fail-b"], [.. TimelineAssert.Captured, "partially-protected"]);

    private async Task EndsAsync(string[] resources, string[] way, string[] snapshots)
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(resources);

        var seen = await client.WatchAsync(id, "success", "partially-protected", "failed", "skipped");

        seen.FollowsInOrder(way);
        await app.Tables.HasTimelineAsync(id, way);
        Assert.Equal(snapshots, await app.Tables.SnapshotsAsync(id));
    }

    private async Task ElapsesAsync(string[] resources, params string[] way)
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(resources, "PT1S");
        await client.WatchAsync(id, "elapsed");

        await app.Tables.HasTimelineAsync(id, [.. way, "elapsed"]);
        Assert.Empty(await app.Tables.SimulatedAsync(id));
    }
}
