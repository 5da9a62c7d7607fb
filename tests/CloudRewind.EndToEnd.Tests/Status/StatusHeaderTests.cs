using System.Globalization;

namespace CloudRewind.EndToEnd.Tests.Status;

/// <summary>All that a status says beside its one word.</summary>
public sealed class StatusHeaderTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private readonly App app = fixture.App;

    [Fact]
    public async Task The_entity_tag_is_the_number_of_the_latest_transition()
    {
        var (client, id) = await SkippedAsync();

        Assert.Equal("\"2\"", (await client.StatusAsync(id)).Header("ETag"));
    }

    [Fact]
    public async Task Last_Modified_is_the_time_of_the_latest_transition()
    {
        var (client, id) = await SkippedAsync();

        var answer = await client.StatusAsync(id);

        var at = (await app.Tables.TransitionsAsync(id))[^1].GetDateTimeOffset("At")!.Value;
        Assert.Equal(at.ToString("R", CultureInfo.InvariantCulture), answer.Header("Last-Modified"));
    }

    [Theory]
    [InlineData("\"2\"")]
    [InlineData("W/\"2\"")]
    [InlineData("\"1\", \"2\"")]
    [InlineData("*")]
    public async Task A_client_that_has_the_latest_gets_304_and_no_body(string tags)
    {
        var (client, id) = await SkippedAsync();

        var answer = await client.StatusAsync(id, ("If-None-Match", tags));

        Assert.Equal((304, ""), (answer.Status, answer.Body));
        Assert.Equal("\"2\"", answer.Header("ETag"));
        Assert.NotEmpty(answer.Header("x-correlation-id")!);
    }

    [Theory]
    [InlineData("\"1\"")]
    [InlineData("\"20\"")]
    [InlineData("2")]
    [InlineData("rubbish")]
    public async Task A_client_that_has_something_else_gets_the_status(string tags)
    {
        var (client, id) = await SkippedAsync();

        var answer = await client.StatusAsync(id, ("If-None-Match", tags));

        Assert.Equal((200, """{"status":"skipped"}"""), (answer.Status, answer.Body));
    }

    [Fact]
    public async Task Until_the_outcome_Retry_After_says_when_to_ask_again()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(["sim-slow-a"]);

        var answer = await client.StatusAsync(id);

        Assert.InRange(int.Parse(answer.Header("Retry-After")!, CultureInfo.InvariantCulture), 1, 60);
    }

    [Fact]
    public async Task From_the_outcome_on_there_is_no_Retry_After()
    {
        var (client, id) = await SkippedAsync();

        Assert.Null((await client.StatusAsync(id)).Header("Retry-After"));
    }

    [Fact]
    public async Task No_cache_may_give_the_status_to_somebody_else_or_keep_it_unasked()
    {
        var (client, id) = await SkippedAsync();

        var rule = (await client.StatusAsync(id)).Header("Cache-Control");

        Assert.Contains("private", rule, StringComparison.Ordinal);
        Assert.Contains("no-cache", rule, StringComparison.Ordinal);
    }

    private async Task<(ApiClient Client, string Id)> SkippedAsync()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync([]);
        await client.WatchAsync(id, "skipped");
        return (client, id);
    }
}
