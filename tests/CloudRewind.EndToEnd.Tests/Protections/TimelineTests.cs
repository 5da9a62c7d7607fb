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
        Assert.Equal(
            """{"provider":"Simulated","region":"eu-central-1","roleArn":"arn:aws:iam::123456789012:role/cloud-rewind"}""",
            timeline.GetProperty("location").GetRawText());
        Assert.Contains("sim-fail-b", transitions[^1].GetProperty("reason").GetString(), StringComparison.Ordinal);

        var resources = timeline.GetProperty("resources").EnumerateArray().ToDictionary(resource => resource.GetProperty("id").GetString()!);
        Assert.Equal("captured", StateOf(resources["sim-ok-a"]));
        Assert.NotEmpty(resources["sim-ok-a"].GetProperty("snapshotId").GetString()!);
        Assert.Equal("failed", StateOf(resources["sim-fail-b"]));
        Assert.NotEmpty(resources["sim-fail-b"].GetProperty("reason").GetString()!);
    }

    [Fact]
    public async Task What_is_captured_together_has_one_group_and_one_moment()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(["sim-ok-a@web", "sim-ok-b@web", "sim-ok-c", "sim-fail-d"]);
        await client.WatchAsync(id, "partially-protected");

        var resources = (await TimelineAsync(client, id)).Json.GetProperty("resources").EnumerateArray().ToDictionary(resource => resource.GetProperty("id").GetString()!);

        Assert.All(resources.Values, resource => Assert.Equal(1, resource.GetProperty("sizeGiB").GetInt32()));
        Assert.Equal("@web", resources["sim-ok-a@web"].GetProperty("groupId").GetString());
        Assert.Equal("@web", resources["sim-ok-b@web"].GetProperty("groupId").GetString());
        Assert.Equal("sim-ok-c", resources["sim-ok-c"].GetProperty("groupId").GetString());
        Assert.Equal(resources["sim-ok-a@web"].GetProperty("takenAt").GetDateTime(), resources["sim-ok-b@web"].GetProperty("takenAt").GetDateTime());
        Assert.True(resources["sim-ok-c"].TryGetProperty("takenAt", out _));
        Assert.False(resources["sim-fail-d"].TryGetProperty("takenAt", out _));
    }

    [Fact]
    public async Task How_far_it_is_shows_before_the_outcome_and_not_after_it()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(["sim-ok-a", "sim-slow-b", "sim-fail-c"]);

        var progress = await Eventually.GetAsync(
            () => ProgressAsync(client, id), progress => progress?.GetProperty("percent").GetInt32() is > 0 and < 100, $"{id} to be on its way");

        var resources = progress!.Value.GetProperty("resources");
        Assert.Equal(3, resources.GetProperty("total").GetInt32());
        Assert.InRange(resources.GetProperty("captured").GetInt32(), 0, 1);
        Assert.InRange(resources.GetProperty("failed").GetInt32(), 0, 1);
        Assert.False(progress.Value.TryGetProperty("waiting", out _));
        await client.WatchAsync(id, "partially-protected");
        Assert.Null(await ProgressAsync(client, id));
    }

    [Fact]
    public async Task What_is_waited_for_is_told_and_keeps_nothing_from_being_captured()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(["sim-throttled-a"]);

        await Eventually.GetAsync(
            async () => await ProgressAsync(client, id) is { } progress && progress.TryGetProperty("waiting", out var waiting) ? waiting.GetString() : null,
            waiting => waiting == "The simulated capture was throttled.",
            $"{id} to wait");

        await client.WatchAsync(id, "success");
        Assert.Null(await ProgressAsync(client, id));
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

    private static async Task<JsonElement?> ProgressAsync(ApiClient client, string id) =>
        (await TimelineAsync(client, id)).Json.TryGetProperty("progress", out var progress) ? progress : null;

    private static string? StateOf(JsonElement resource) => resource.GetProperty("state").GetString();

    private static Task<Answer> TimelineAsync(ApiClient client, string id) =>
        client.GetAsync($"{client.Address.Path}/protections/timeline?protection_id={Uri.EscapeDataString(id)}");
}
