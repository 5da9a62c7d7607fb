using System.Text.Json;

namespace CloudRewind.EndToEnd.Tests.Protections;

/// <summary>GetAwsProtectionTimeline: every transition, and every resource.</summary>
public sealed class TimelineTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private readonly App app = fixture.App;

    [Fact]
    public async Task It_has_every_transition_in_order_and_how_each_resource_stands()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(["sim-ok-a", "sim-fail-b"]);
        await client.WatchAsync(id, "partially-protected");

        var timeline = (await TimelineAsync(client, id)).Json;

        var transitions = timeline.GetProperty("transitions").EnumerateArray().ToList();
        Assert.Equal(
            ["created", "preparing", "preparation-completed", "in-progress", "partially-protected"],
            transitions.Select(transition => transition.GetProperty("to").GetString()));
        Assert.Equal(Enumerable.Range(0, 5), transitions.Select(transition => transition.GetProperty("sequence").GetInt32()));
        Assert.False(transitions[0].TryGetProperty("from", out _));
        Assert.Equal("""{"total":2,"captured":1,"failed":1}""", transitions[^1].GetProperty("resources").GetRawText());
        Assert.Contains("sim-fail-b", transitions[^1].GetProperty("reason").GetString(), StringComparison.Ordinal);

        var resources = timeline.GetProperty("resources").EnumerateArray().ToDictionary(resource => resource.GetProperty("id").GetString()!);
        Assert.Equal("captured", StateOf(resources["sim-ok-a"]));
        Assert.NotEmpty(resources["sim-ok-a"].GetProperty("snapshotId").GetString()!);
        Assert.Equal("failed", StateOf(resources["sim-fail-b"]));
        Assert.NotEmpty(resources["sim-fail-b"].GetProperty("reason").GetString()!);
    }

    [Fact]
    public async Task Of_one_that_has_elapsed_the_transitions_are_left()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(["sim-ok-a"], "PT1S");
        await client.WatchAsync(id, "elapsed");

        var timeline = (await TimelineAsync(client, id)).Json;

        Assert.Equal("elapsed", timeline.GetProperty("transitions").EnumerateArray().Last().GetProperty("to").GetString());
        Assert.Empty(timeline.GetProperty("resources").EnumerateArray());
    }

    [Fact]
    public async Task One_that_never_was_is_404()
    {
        var client = app.NewAssembly();

        (await TimelineAsync(client, client.Address.ProtectionId())).IsRefused(404, "protection-not-found");
    }

    private static string? StateOf(JsonElement resource) => resource.GetProperty("state").GetString();

    private static Task<Answer> TimelineAsync(ApiClient client, string id) =>
        client.GetAsync($"{client.Address.Path}/protections/timeline?protection_id={Uri.EscapeDataString(id)}");
}
