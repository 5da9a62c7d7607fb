using System.Text.Json;

namespace CloudRewind.EndToEnd.Tests.Lifecycle;

/// <summary>No rule removes the newest good copy of an assembly, and one request says how old it is.</summary>
public sealed class NewestGoodTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private readonly App app = fixture.App;

    [Fact]
    public async Task The_newest_good_copy_outlives_its_retention_until_a_newer_one_is_there_or_a_person_says_so()
    {
        var client = app.NewAssembly();
        await PutAsync(client, "sim-ok-a");
        var first = await ProtectAsync(client, "success");
        await CloudRewind.TestSupport.Eventually.GetAsync(() => EventsAsync(client, first), events => events.Length > 0, "it to be kept");
        Assert.Contains("newest good copy", (await EventsAsync(client, first))[0].GetProperty("reason").GetString(), StringComparison.Ordinal);

        // One that fails does not take its place, and goes when its time has come.
        await PutAsync(client, "sim-fail-a");
        var failed = await ProtectAsync(client, "failed");
        await client.WatchAsync(failed, "elapsed");
        var seen = (await client.GetAsync(client.Address.Path)).Json;
        Assert.Equal((failed, "elapsed", "failed"), Last(seen));
        Assert.Equal(first, seen.GetProperty("lastGoodProtection").GetProperty("id").GetString());
        Assert.Equal(seen.GetProperty("lastGoodProtection").GetRawText(), seen.GetProperty("lastFullProtection").GetRawText());

        await PutAsync(client, "sim-ok-a");
        var second = await ProtectAsync(client, "success");
        await client.WatchAsync(first, "elapsed");
        var inList = (await client.GetAsync(client.Address.Path[..client.Address.Path.LastIndexOf('/')])).Json.EnumerateArray().Single();
        Assert.Equal(second, Last(inList).Id);
        Assert.Equal((second, "success"), (inList.GetProperty("lastGoodProtection").GetProperty("id").GetString(), inList.GetProperty("lastGoodProtection").GetProperty("status").GetString()));

        Assert.Equal(202, (await client.ActAsync("prune", second)).Status);
        await client.WatchAsync(second, "elapsed");
        Assert.False((await client.GetAsync(client.Address.Path)).Json.TryGetProperty("lastGoodProtection", out _));
        Assert.Equal("success", (await client.TimelineAsync(second)).GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task A_partial_copy_says_how_much_of_it_there_is_and_is_no_full_copy()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(["sim-ok-a", "sim-fail-b"]);
        await client.WatchAsync(id, "partially-protected");

        var seen = (await client.GetAsync(client.Address.Path)).Json;

        var good = seen.GetProperty("lastGoodProtection");
        Assert.Equal((id, "partially-protected"), (good.GetProperty("id").GetString(), good.GetProperty("status").GetString()));
        Assert.Equal("""{"total":2,"captured":1,"failed":1}""", good.GetProperty("resources").GetRawText());
        Assert.False(seen.TryGetProperty("lastFullProtection", out _));
    }

    [Fact]
    public async Task What_an_assembly_shows_changes_its_entity_tag_and_its_version_guards_writes_still()
    {
        var client = app.NewAssembly();
        await client.PutAssemblyAsync();
        var before = (await client.GetAsync(client.Address.Path)).Header("ETag")!;
        Assert.Equal(304, (await client.GetAsync(client.Address.Path, ("If-None-Match", before))).Status);
        var id = await client.ProtectAgainAsync();
        await client.WatchAsync(id, "skipped");

        var after = await client.GetAsync(client.Address.Path, ("If-None-Match", before));

        Assert.Equal(200, after.Status);
        Assert.StartsWith("\"1-", after.Header("ETag"), StringComparison.Ordinal);
        Assert.Equal(304, (await client.GetAsync(client.Address.Path, ("If-None-Match", after.Header("ETag")!))).Status);
        Assert.Equal(200, (await client.PutAssemblyAsync(AssemblyBody.Of(), ("If-Match", after.Header("ETag")!))).Status);
        Assert.Equal(412, (await client.PutAssemblyAsync(AssemblyBody.Of(), ("If-Match", after.Header("ETag")!))).Status);
    }

    private static async Task PutAsync(ApiClient client, string resource)
    {
        var body = AssemblyBody.Of(resource);
        body["retention"] = "PT2S"; // a rule, unlike one in the request for a protection
        Assert.True((await client.PutAssemblyAsync(body)).Status is 200 or 201);
    }

    private static async Task<string> ProtectAsync(ApiClient client, string outcome)
    {
        var id = ApiClient.IdOf(await client.CreateAsync());
        await client.WatchAsync(id, outcome, "elapsed");
        return id;
    }

    private static (string Id, string Status, string Outcome) Last(JsonElement assembly)
    {
        var last = assembly.GetProperty("lastProtection");
        return (last.GetProperty("id").GetString()!, last.GetProperty("status").GetString()!, last.GetProperty("outcome").GetString()!);
    }

    private static async Task<JsonElement[]> EventsAsync(ApiClient client, string id) => [.. (await client.TimelineAsync(id)).GetProperty("events").EnumerateArray()];
}
