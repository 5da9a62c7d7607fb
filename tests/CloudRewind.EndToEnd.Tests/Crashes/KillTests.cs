using CloudRewind.TestSupport;

namespace CloudRewind.EndToEnd.Tests.Crashes;

/// <summary>A process that is killed and started again loses nothing and does nothing twice.</summary>
public sealed class KillTests
{
    private static readonly string[] Success = [.. TimelineAssert.Captured, "success"];

    [OwnProcessFact]
    public async Task Killed_while_in_progress_it_ends_in_the_same_outcome()
    {
        await using var app = await App.StartAsync();
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(["sim-slow-a", "sim-slow-b", "sim-ok-c"]);
        await client.WatchAsync(id, "in-progress");

        app.Process.Kill();
        await app.Process.StartAsync();

        (await client.WatchAsync(id, "success")).FollowsInOrder(Success);
        await app.Tables.HasTimelineAsync(id, Success);
        Assert.Equal(["sim-ok-c", "sim-slow-a", "sim-slow-b"], await app.Tables.SnapshotsAsync(id));
    }

    [OwnProcessFact]
    public async Task Killed_right_after_its_202_it_ends_in_the_same_outcome()
    {
        await using var app = await App.StartAsync();
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(["sim-ok-a", "sim-ok-b"]);

        app.Process.Kill();
        await app.Process.StartAsync();

        (await client.WatchAsync(id, "success")).FollowsInOrder(Success);
        await app.Tables.HasTimelineAsync(id, Success);
        Assert.Equal(["sim-ok-a", "sim-ok-b"], await app.Tables.SnapshotsAsync(id));
    }

    [OwnProcessFact]
    public async Task Killed_at_random_moments_in_a_row_it_ends_in_the_same_outcome()
    {
        var random = new Random(2);
        await using var app = await App.StartAsync();
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(["sim-slow-a", "sim-ok-b", "sim-fail-c", "sim-flaky-d"]);

        for (var kill = 0; kill < 6; kill++)
        {
            await Task.Delay(random.Next(500));
            app.Process.Kill();
            await app.Process.StartAsync();
        }

        await client.WatchAsync(id, "partially-protected");
        await app.Tables.HasTimelineAsync(id, [.. TimelineAssert.Captured, "partially-protected"]);
        Assert.Equal(["sim-flaky-d", "sim-ok-b", "sim-slow-a"], await app.Tables.SnapshotsAsync(id));
    }

    [OwnProcessFact]
    public async Task Killed_again_and_again_while_it_is_pruned_it_elapses_and_leaves_nothing()
    {
        var random = new Random(3);
        await using var app = await App.StartAsync();
        var client = app.NewAssembly();
        var id = await client.ProtectAsync([.. Enumerable.Range(0, 40).Select(i => $"sim-ok-{i}")], "PT4S");
        await client.WatchAsync(id, "success", "elapsed");

        for (var kill = 0; kill < 4; kill++)
        {
            await Task.Delay(random.Next(700));
            app.Process.Kill();
            await app.Process.StartAsync();
        }

        await client.WatchAsync(id, "elapsed");
        await app.Tables.HasTimelineAsync(id, [.. Success, "elapsed"]);
        Assert.Empty(await app.Tables.InventoryAsync(id));
        Assert.Empty(await app.Tables.SimulatedAsync(id));
    }

    [OwnProcessFact]
    public async Task Retention_that_ends_while_no_process_runs_is_made_up_for()
    {
        await using var app = await App.StartAsync();
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(["sim-ok-a"], "PT2S");
        await client.WatchAsync(id, "success");

        app.Process.Kill();
        var expires = (await app.Tables.ProtectionAsync(id)).GetDateTimeOffset("ExpiresAt");
        await Eventually.GetAsync(() => Task.FromResult(DateTimeOffset.UtcNow), now => now > expires, "retention to end");
        await app.Process.StartAsync();

        await client.WatchAsync(id, "elapsed");
        await app.Tables.HasTimelineAsync(id, [.. Success, "elapsed"]);
    }

    [OwnProcessFact]
    public async Task A_create_that_died_half_way_is_finished_by_the_same_request_repeated()
    {
        var random = new Random(4);
        await using var app = await App.StartAsync();
        var begun = new List<(ApiClient Client, string Id)>();
        for (var kill = 0; kill < 5; kill++)
        {
            var client = app.NewAssembly();
            await client.PutAssemblyAsync("sim-ok-a");
            var cutOff = client.CreateAsync("{}", ("Idempotency-Key", "half-way"));
            await Task.Delay(random.Next(25));
            app.Process.Kill();
            await ((Task)cutOff).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await app.Process.StartAsync();

            begun.Add((client, ApiClient.IdOf(await client.CreateAsync("{}", ("Idempotency-Key", "half-way")))));
        }

        foreach (var (client, id) in begun)
        {
            await client.WatchAsync(id, "success");
            await app.Tables.HasTimelineAsync(id, Success);
            Assert.Equal(id, Assert.Single(await app.Tables.ProtectionsOfAsync(client.Address)).GetString("Id"));
        }
    }

    [OwnProcessFact]
    public async Task Asked_to_end_while_in_progress_it_ends_in_order_and_goes_on_at_the_next_start()
    {
        await using var app = await App.StartAsync();
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(["sim-slow-a"]);
        await client.WatchAsync(id, "in-progress");

        Assert.Equal(0, await app.Process.StopGracefullyAsync());
        await app.Process.StartAsync();

        await client.WatchAsync(id, "success");
        await app.Tables.HasTimelineAsync(id, Success);
        Assert.Equal(["sim-slow-a"], await app.Tables.SnapshotsAsync(id));
    }
}
