namespace CloudRewind.EndToEnd.Tests.Protections;

/// <summary>PruneAwsProtection: what a protection holds is removed before its retention ends.</summary>
public sealed class PruneTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private readonly App app = fixture.App;

    [Fact]
    public async Task A_protection_with_its_outcome_is_pruned_at_once_and_asking_again_is_harmless()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(["sim-ok-a"]);
        await client.WatchAsync(id, "success");

        var first = await PruneAsync(client, id);
        var second = await PruneAsync(client, id);

        Assert.Equal(202, first.Status);
        Assert.Equal(new Uri(app.Http.BaseAddress!, client.StatusPath(id)).AbsoluteUri, first.Header("Location"));
        Assert.True(second.Status is 200 or 202, second.ToString());
        await client.WatchAsync(id, "elapsed");
        var last = await PruneAsync(client, id);
        Assert.Equal(200, last.Status);
        Assert.Equal("elapsed", last.Json.GetProperty("status").GetString());
        Assert.Empty(await app.Tables.SimulatedAsync(id));
        await app.Tables.HasTimelineAsync(id, [.. TimelineAssert.Captured, "success", "elapsed"]);
    }

    [Fact]
    public async Task Before_the_outcome_it_is_409()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(["sim-slow-a"]);

        (await PruneAsync(client, id)).IsRefused(409, "protection-running");
    }

    [Fact]
    public async Task What_could_not_be_removed_is_tried_again_when_asked_for()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(["sim-keep-a"], "PT1S");
        await client.WatchAsync(id, "pruning-failed");

        Assert.True((await PruneAsync(client, id)).Status is 200 or 202);

        await client.WatchAsync(id, "elapsed");
    }

    [Fact]
    public async Task It_needs_its_permission()
    {
        var client = app.NewAssembly();
        var answer = await PruneAsync(
            client.With(new TokenClaims { AccountId = client.Address.AccountId, Permissions = ["aws-protections.read"] }), client.Address.ProtectionId());

        answer.IsRefused(403, "permission-missing");
        Assert.Equal("aws-protections.prune", answer.Json.GetProperty("requiredPermissions")[0].GetString());
    }

    [Fact]
    public async Task One_that_never_was_is_404_and_none_at_all_is_412()
    {
        var client = app.NewAssembly();

        (await PruneAsync(client, client.Address.ProtectionId())).IsRefused(404, "protection-not-found");
        (await client.SendAsync(HttpMethod.Post, $"{client.Address.Path}/protections/prune")).IsRefused(412, "invalid-request", "protection_id");
    }

    private static Task<Answer> PruneAsync(ApiClient client, string id) =>
        client.SendAsync(HttpMethod.Post, $"{client.Address.Path}/protections/prune?protection_id={Uri.EscapeDataString(id)}");
}
