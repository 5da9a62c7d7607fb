using System.Text.Json;

namespace CloudRewind.EndToEnd.Tests.Protections;

/// <summary>A locked protection is removed by nothing.</summary>
public sealed class LockTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private readonly App app = fixture.App;

    [Fact]
    public async Task Neither_a_prune_nor_a_deletion_nor_the_end_of_retention_removes_it_until_it_is_unlocked()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(["sim-slow-a"], "PT3S");
        Assert.True((await client.ActAsync("lock", id)).Json.GetProperty("isLocked").GetBoolean());
        Assert.Equal(200, (await client.ActAsync("lock", id)).Status);
        await client.WatchAsync(id, "success");
        await CloudRewind.TestSupport.Eventually.GetAsync(() => EventsAsync(client, id), events => events.Any(happened => Kind(happened) == "kept"), "it to be kept");

        var refused = await client.ActAsync("prune", id);
        refused.IsRefused(409, "protection-locked");
        Assert.Contains(id, refused.Json.GetProperty("message").GetString(), StringComparison.Ordinal);
        var undeleted = await client.SendAsync(HttpMethod.Delete, client.Address.Path);
        undeleted.IsRefused(409, "protection-locked");
        Assert.Contains(id, undeleted.Json.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("enabled", (await client.GetAsync(client.Address.Path)).Json.GetProperty("status").GetString());

        Assert.False((await client.ActAsync("unlock", id)).Json.GetProperty("isLocked").GetBoolean());
        await client.WatchAsync(id, "elapsed");

        (await client.ActAsync("lock", id)).IsRefused(409, "protection-pruned");
        Assert.Equal(200, (await client.ActAsync("unlock", id)).Status);
        var events = await EventsAsync(client, id);
        Assert.Equal(["locked", "kept", "unlocked", "prune-requested"], events.Select(Kind));
        Assert.Equal(["end-to-end-tests", "retention", "end-to-end-tests", "retention"], events.Select(happened => happened.GetProperty("by").GetProperty("actor").GetString()));
        Assert.All(events.Where(happened => Kind(happened).EndsWith("locked", StringComparison.Ordinal)), happened => Assert.True(happened.GetProperty("by").TryGetProperty("tokenId", out _)));
    }

    private static async Task<JsonElement[]> EventsAsync(ApiClient client, string id) => [.. (await client.TimelineAsync(id)).GetProperty("events").EnumerateArray()];

    private static string Kind(JsonElement happened) => happened.GetProperty("kind").GetString()!;
}
