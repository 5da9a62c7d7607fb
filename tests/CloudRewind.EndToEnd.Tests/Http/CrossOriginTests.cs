namespace CloudRewind.EndToEnd.Tests.Http;

/// <summary>Pages of other origins call the API only where a setting lets them.</summary>
[Collection(nameof(ConfiguredApp))]
public sealed class CrossOriginTests(AppFixture fixture, ConfiguredApp opened) : IClassFixture<AppFixture>
{
    private const string Console = ConfiguredApp.Origin;
    private static readonly (string, string)[] Question = [("Access-Control-Request-Method", "PUT"), ("Access-Control-Request-Headers", "authorization,if-match")];

    [SkippableFact]
    public async Task By_itself_the_app_lets_none()
    {
        Skip.If(OutsideApp.IsGiven, OwnProcessFactAttribute.Reason);
        var client = fixture.App.NewAssembly();

        var asked = await client.SendAsync(HttpMethod.Options, client.Address.Path, null, [("Origin", Console), .. Question]);
        var read = await client.GetAsync(client.Address.Path, ("Origin", Console));

        asked.IsRefused(405, "method-not-allowed");
        Assert.All(asked.Headers.Keys.Concat(read.Headers.Keys), header => Assert.DoesNotContain("Access-Control", header, StringComparison.OrdinalIgnoreCase));
    }

    [OwnProcessFact]
    public async Task The_browser_of_one_that_is_named_may_ask_and_read_what_the_headers_say()
    {
        var client = opened.App.NewAssembly();
        await client.PutAssemblyAsync("sim-ok-a");

        var asked = await AskAsync(client, Console);
        var read = await ReadAsync(client, Console);

        Assert.Equal((204, "", Console), (asked.Status, asked.Body, asked.Header("Access-Control-Allow-Origin")));
        Assert.Contains("PUT", asked.Header("Access-Control-Allow-Methods"), StringComparison.Ordinal);
        Assert.Contains("if-match", asked.Header("Access-Control-Allow-Headers"), StringComparison.OrdinalIgnoreCase);
        Assert.Equal((200, Console), (read.Status, read.Header("Access-Control-Allow-Origin")));
        Assert.Contains("ETag", read.Header("Access-Control-Expose-Headers"), StringComparison.Ordinal);
        Assert.Contains("Origin", read.Header("Vary"), StringComparison.OrdinalIgnoreCase);
        Assert.Null(read.Header("Access-Control-Allow-Credentials"));
    }

    [OwnProcessFact]
    public async Task A_refusal_may_be_read_as_well()
    {
        var client = opened.App.NewAssembly().With((string?)null);

        var refused = await ReadAsync(client, Console);

        refused.IsRefused(401, "token-missing");
        Assert.Equal(Console, refused.Header("Access-Control-Allow-Origin"));
    }

    [OwnProcessTheory]
    [InlineData("https://console.example.com.evil.example.com")]
    [InlineData("http://console.example.com")]
    [InlineData("https://console.example.com:8443")]
    [InlineData("null")]
    public async Task Another_one_is_not_let(string origin)
    {
        var client = opened.App.NewAssembly();

        Assert.Null((await AskAsync(client, origin)).Header("Access-Control-Allow-Origin"));
        Assert.Null((await ReadAsync(client, origin)).Header("Access-Control-Allow-Origin"));
    }

    [OwnProcessFact]
    public async Task Without_an_origin_nothing_changes()
    {
        var client = opened.App.NewAssembly();
        await client.PutAssemblyAsync("sim-ok-a");

        var read = await RawAsync(client, HttpMethod.Get);

        Assert.Equal(200, read.Status);
        Assert.Null(read.Header("Access-Control-Allow-Origin"));
        (await RawAsync(client, HttpMethod.Options)).IsRefused(405, "method-not-allowed");
    }

    private Task<Answer> AskAsync(ApiClient client, string origin) => RawAsync(client, HttpMethod.Options, [("Origin", origin), .. Question]);

    private Task<Answer> ReadAsync(ApiClient client, string origin) => RawAsync(client, HttpMethod.Get, ("Origin", origin));

    // Past the contract, which describes an app that is set to let nobody.
    private Task<Answer> RawAsync(ApiClient client, HttpMethod method, params (string, string)[] headers) => new RawHttp(opened.App.Http.BaseAddress!)
        .SendAsync(method.Method, client.Address.Path, client.Token is null ? headers : [("Authorization", $"Bearer {client.Token}"), .. headers]);
}
