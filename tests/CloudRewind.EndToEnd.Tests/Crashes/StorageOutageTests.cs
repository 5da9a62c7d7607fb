using CloudRewind.EndToEnd.Tests.Errors;

namespace CloudRewind.EndToEnd.Tests.Crashes;

/// <summary>Storage that goes away under a running app, and comes back.</summary>
public sealed class StorageOutageTests(StorageOutageTests.OnDisk fixture) : IClassFixture<StorageOutageTests.OnDisk>
{
    private readonly App app = fixture.App;

    [OwnProcessFact]
    public async Task Without_storage_the_status_is_a_500_that_says_when_to_ask_again()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync([]);
        await client.WatchAsync(id, "skipped");

        await WithoutStorageAsync(async () =>
        {
            var answer = await client.StatusAsync(id);
            answer.IsRefused(500, "storage-unavailable");
            Assert.True(int.Parse(answer.Header("Retry-After")!) > 0);
        });
    }

    [OwnProcessFact]
    public async Task Without_storage_every_operation_is_a_500()
    {
        var requests = await Task.WhenAll(Operations.All.Select(async operation => (operation, draft: await operation.DraftAsync(app))));

        await WithoutStorageAsync(() => Task.WhenAll(requests.Select(async request =>
            (await request.draft.SendAsync(app, request.operation)).IsRefused(500, "storage-unavailable"))));
    }

    [OwnProcessFact]
    public async Task A_request_with_a_token_that_is_new_is_a_500_too_since_it_might_have_been_revoked()
    {
        var client = app.NewAssembly();

        await WithoutStorageAsync(async () =>
            (await client.StatusAsync(client.Address.ProtectionId())).IsRefused(500, "storage-unavailable"));
    }

    [OwnProcessFact]
    public async Task A_create_that_cannot_be_written_is_a_500_and_leaves_nothing_that_blocks_the_next()
    {
        var client = app.NewAssembly();
        await client.PutAssemblyAsync("sim-ok-a");

        await WithoutStorageAsync(async () => (await client.CreateAsync()).IsRefused(500, "storage-unavailable"));

        var id = await client.ProtectAgainAsync();
        await client.WatchAsync(id, "success");
    }

    [OwnProcessFact]
    public async Task Readiness_is_503_without_storage_and_200_with_it_and_liveness_is_200_throughout()
    {
        var client = app.NewAssembly().With((string?)null);

        await WithoutStorageAsync(async () =>
        {
            (await client.GetAsync("/api/health/ready")).IsRefused(503, "storage-unavailable");
            Assert.Equal(200, (await client.GetAsync("/api/health/live")).Status);
        });

        await Eventually.GetAsync(async () => (await client.GetAsync("/api/health/ready")).Status, status => status == 200, "readiness");
    }

    [OwnProcessFact]
    public async Task What_was_in_progress_when_storage_went_away_comes_to_its_outcome()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(["sim-slow-a", "sim-ok-b"]);
        await client.WatchAsync(id, "in-progress");

        await WithoutStorageAsync(async () => (await client.StatusAsync(id)).IsRefused(500, "storage-unavailable"));

        await client.WatchAsync(id, "success");
        await app.Tables.HasTimelineAsync(id, [.. TimelineAssert.Captured, "success"]);
        Assert.Equal(["sim-ok-b", "sim-slow-a"], await app.Tables.SnapshotsAsync(id));
    }

    private async Task WithoutStorageAsync(Func<Task> test)
    {
        await app.Storage.StopAsync();
        try
        {
            await test();
        }
        finally
        {
            await app.Storage.StartAgainAsync();
        }
    }

    public sealed class OnDisk : OwnAppFixture
    {
        private protected override Task<App> StartAsync() => App.StartOnDiskAsync();
    }
}
