namespace CloudRewind.EndToEnd.Tests.Status;

/// <summary>The status lookup with <c>Prefer: wait=N</c>.</summary>
public sealed class WaitingTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private readonly App app = fixture.App;

    [Fact]
    public async Task A_waiting_client_sees_each_status_without_polling()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(["sim-ok-a"]);

        var seen = new List<SeenStatus> { SeenStatus.Of(await client.StatusAsync(id)) };
        while (seen[^1].Status != "success")
        {
            var answer = await client.StatusAsync(id, ("If-None-Match", $"\"{seen[^1].Sequence}\""), ("Prefer", "wait=60"));
            Assert.Equal("wait=60", answer.Header("Preference-Applied"));
            seen.Add(SeenStatus.Of(answer));
        }

        seen.FollowsInOrder([.. TimelineAssert.Captured, "success"]);
    }

    [Fact]
    public async Task Two_hundred_clients_that_wait_for_one_protection_are_all_answered()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(["sim-slow-a"]);
        await client.WatchAsync(id, "in-progress");

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => client.StatusAsync(id, ("If-None-Match", "\"3\""), ("Prefer", "wait=60"))));

        Assert.All(answers, answer => Assert.Equal("success", SeenStatus.Of(answer).Status));
    }

    [Fact]
    public async Task A_thousand_clients_that_wait_for_one_protection_are_all_answered()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync([]);
        await client.WatchAsync(id, "skipped");

        var waiting = Enumerable.Range(0, 1_000).Select(_ => client.StatusAsync(id, ("If-None-Match", "\"2\""), ("Prefer", "wait=60"))).ToList();
        Assert.Equal(202, (await client.SendAsync(HttpMethod.Post, client.StatusPath(id).Replace("/status?", "/prune?", StringComparison.Ordinal))).Status);

        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal("elapsed", SeenStatus.Of(answer).Status));
    }

    [Theory]
    [InlineData("wait=0", "wait=0")]
    [InlineData("respond-async, wait=1", "wait=1")]
    public async Task Without_a_change_it_is_304_after_the_wait(string preference, string applied)
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync([]);
        await client.WatchAsync(id, "skipped");

        var answer = await client.StatusAsync(id, ("If-None-Match", "\"2\""), ("Prefer", preference));

        Assert.Equal(304, answer.Status);
        Assert.Equal(applied, answer.Header("Preference-Applied"));
    }

    [Fact]
    public async Task There_is_nothing_to_wait_for_once_it_has_elapsed()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync([], "PT1S");
        var last = (await client.WatchAsync(id, "elapsed"))[^1];

        Assert.Equal(304, (await client.StatusAsync(id, ("If-None-Match", $"\"{last.Sequence}\""), ("Prefer", "wait=999999"))).Status);
    }

    [Theory]
    [InlineData("wait=61")]
    [InlineData("wait=1000000")]
    [InlineData("wait=9999999999999999999999999")]
    public async Task A_wait_beyond_the_longest_is_cut_to_it(string preference)
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync([], "PT1S");
        var last = (await client.WatchAsync(id, "elapsed"))[^1];

        var answer = await client.StatusAsync(id, ("If-None-Match", $"\"{last.Sequence}\""), ("Prefer", preference));

        Assert.Equal((304, "wait=60"), (answer.Status, answer.Header("Preference-Applied")));
    }

    [Theory]
    [InlineData("wait")]
    [InlineData("wait=soon")]
    [InlineData("wait=-1")]
    public async Task An_invalid_preference_is_ignored(string preference)
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync([]);
        await client.WatchAsync(id, "skipped");

        var answer = await client.StatusAsync(id, ("If-None-Match", "\"2\""), ("Prefer", preference));

        Assert.Equal(304, answer.Status);
        Assert.Null(answer.Header("Preference-Applied"));
    }

    [Fact]
    public async Task A_client_that_knows_an_older_status_does_not_wait()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync([]);
        await client.WatchAsync(id, "skipped");

        var answer = await client.StatusAsync(id, ("If-None-Match", "\"0\""), ("Prefer", "wait=60"));

        Assert.Equal("skipped", SeenStatus.Of(answer).Status);
        Assert.Equal("wait=60", answer.Header("Preference-Applied")); // granted, and not needed
    }

    [Fact]
    public async Task A_client_that_knows_no_status_does_not_wait_and_nothing_is_granted()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync([]);
        await client.WatchAsync(id, "skipped");

        var answer = await client.StatusAsync(id, ("Prefer", "wait=60"));

        Assert.Equal("skipped", SeenStatus.Of(answer).Status);
        Assert.Null(answer.Header("Preference-Applied"));
    }
}
