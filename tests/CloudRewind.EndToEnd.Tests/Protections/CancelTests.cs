namespace CloudRewind.EndToEnd.Tests.Protections;

/// <summary>CancelAwsProtection: a run ends with what it has.</summary>
public sealed class CancelTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private readonly App app = fixture.App;

    [Fact]
    public async Task A_run_that_is_stuck_ends_with_what_it_has_and_the_assembly_is_free()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(["sim-ok-a", "sim-stuck-b"]);
        await client.WatchAsync(id, "in-progress");
        await CloudRewind.TestSupport.Eventually.GetAsync(
            () => client.TimelineAsync(id), timeline => timeline.GetProperty("resources").EnumerateArray().Any(resource => resource.GetProperty("state").GetString() == "captured"), "a capture");

        Assert.Equal(202, (await client.ActAsync("cancel", id)).Status);
        Assert.True((await client.ActAsync("cancel", id)).Status is 200 or 202);
        await client.WatchAsync(id, "partially-protected");

        Assert.Equal(200, (await client.ActAsync("cancel", id)).Status);
        var last = (await client.TimelineAsync(id)).GetProperty("transitions").EnumerateArray().Last();
        Assert.StartsWith("Cancelled by end-to-end-tests. Resources captured: 1 of 2.", last.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal("end-to-end-tests", last.GetProperty("by").GetProperty("actor").GetString());
        Assert.Equal(202, (await client.CreateAsync()).Status);
    }

    [Fact]
    public async Task One_that_has_its_outcome_is_not_cancelled()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync([]);
        await client.WatchAsync(id, "skipped");

        (await client.ActAsync("cancel", id)).IsRefused(409, "protection-ended");
    }

    [Fact]
    public async Task Deleting_an_assembly_cancels_what_runs()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(["sim-stuck-a"]);
        await client.WatchAsync(id, "in-progress");

        Assert.Equal(202, (await client.SendAsync(HttpMethod.Delete, client.Address.Path)).Status);

        await CloudRewind.TestSupport.Eventually.GetAsync(
            () => client.GetAsync(client.Address.Path), answer => answer.Json.GetProperty("status").GetString() == "deleted", "the deletion");
        var timeline = await client.TimelineAsync(id);
        Assert.Equal("failed", timeline.GetProperty("outcome").GetString());
        Assert.Contains(timeline.GetProperty("transitions").EnumerateArray(), transition => transition.GetProperty("reason").GetString()!.StartsWith("Cancelled by end-to-end-tests.", StringComparison.Ordinal));
    }
}
