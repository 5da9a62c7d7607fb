
namespace CloudRewind.EndToEnd.Tests.Lifecycle;

/// <summary>An assembly is put, protected, watched to its outcome, and elapses.</summary>
public sealed class MainJobTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private static readonly string[] Way = [.. TimelineAssert.Captured, "success", "elapsed"];

    private readonly App app = fixture.App;

    [Fact]
    public async Task The_status_goes_in_order_to_success_and_to_elapsed_and_never_back()
    {
        var client = app.NewAssembly();
        var put = await client.PutAssemblyAsync(AssemblyBody.Of("sim-ok-a", "sim-ok-b"));
        var created = await client.CreateAsync("""{"retention":"PT3S"}""");
        Assert.Equal((201, 202), (put.Status, created.Status));

        var seen = await client.WatchAddressAsync(created.Header("Location")!, "elapsed");

        seen.FollowsInOrder(Way);
    }

    [Fact]
    public async Task Each_transition_is_on_record_once_and_in_order()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(["sim-ok-a", "sim-ok-b"], "PT1S");
        await client.WatchAsync(id, "elapsed");

        await app.Tables.HasTimelineAsync(id, Way);
    }

    [Fact]
    public async Task The_timeline_counts_the_resources_as_they_are_found_and_captured()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(["sim-ok-a", "sim-fail-b", "sim-ok-c"]);
        await client.WatchAsync(id, "partially-protected");

        var counts = (await app.Tables.TransitionsAsync(id))
            .Select(row => (row.GetInt32("ResourcesTotal"), row.GetInt32("ResourcesCaptured"), row.GetInt32("ResourcesFailed")));
        Assert.Equal([(0, 0, 0), (0, 0, 0), (3, 0, 0), (3, 0, 0), (3, 2, 1)], counts);
    }

    [Fact]
    public async Task A_protection_that_succeeded_has_one_snapshot_of_each_resource()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(["sim-ok-a", "sim-ok-b"]);
        await client.WatchAsync(id, "success");

        Assert.Equal(["sim-ok-a", "sim-ok-b"], await app.Tables.SnapshotsAsync(id));
        Assert.Equal(["Captured", "Captured"], (await app.Tables.InventoryAsync(id)).Select(row => row.GetString("State")));
    }

    [Fact]
    public async Task Of_what_has_elapsed_the_protection_and_its_timeline_stay_and_nothing_else()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(["sim-ok-a", "sim-fail-b", "sim-flaky-c"], "PT1S");
        await client.WatchAsync(id, "elapsed");

        Assert.Empty(await app.Tables.InventoryAsync(id));
        Assert.Empty(await app.Tables.SimulatedAsync(id));
        Assert.Equal("elapsed", (await app.Tables.ProtectionAsync(id)).GetString("Status"));
        Assert.Equal(Way.Length, (await app.Tables.TransitionsAsync(id)).Count);
    }

    [Fact]
    public async Task What_has_elapsed_goes_off_the_watchdogs_list_and_what_has_not_is_on_it()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync([], "PT2S");
        Assert.True(await app.Tables.IsUnfinishedAsync(id));

        await client.WatchAsync(id, "elapsed");
        await Eventually.GetAsync(() => app.Tables.IsUnfinishedAsync(id), isOn => !isOn, $"{id} to go off the list");
    }

    [Fact]
    public async Task Nothing_elapses_before_its_retention_has_ended()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(["sim-ok-a"], "PT4S");
        await client.WatchAsync(id, "elapsed");

        var protection = await app.Tables.ProtectionAsync(id);
        Assert.True(protection.GetDateTimeOffset("UpdatedAt") >= protection.GetDateTimeOffset("ExpiresAt"));
        Assert.Equal(TimeSpan.FromSeconds(4), protection.GetDateTimeOffset("ExpiresAt") - protection.GetDateTimeOffset("CreatedAt"));
    }

    [Fact]
    public async Task An_outcome_frees_the_assembly_for_the_next_protection()
    {
        var client = app.NewAssembly();
        var first = await client.ProtectAsync(["sim-ok-a"]);
        await client.WatchAsync(first, "success");

        var second = await client.ProtectAgainAsync();
        await client.WatchAsync(second, "success");

        Assert.NotEqual(first, second);
        await app.Tables.HasTimelineAsync(first, Way[..^1]);
        await app.Tables.HasTimelineAsync(second, Way[..^1]);
    }

    [Fact]
    public async Task Many_protections_at_once_all_come_to_their_outcome()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            var client = app.NewAssembly();
            var id = await client.ProtectAsync(["sim-ok-a", "sim-fail-b"]);
            var status = await Eventually.GetAsync(
                async () => (await app.Tables.ProtectionAsync(id)).GetString("Status"), status => status is "partially-protected", $"{id} to have its outcome");
            Assert.Equal("partially-protected", status);
            await app.Tables.HasTimelineAsync(id, [.. TimelineAssert.Captured, "partially-protected"]);
        }));
    }
}
