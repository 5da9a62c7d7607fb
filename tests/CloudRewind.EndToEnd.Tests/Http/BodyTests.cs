using System.Text;

namespace CloudRewind.EndToEnd.Tests.Http;

/// <summary>Bodies that are no JSON object, or too much of one.</summary>
public sealed class BodyTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private readonly App app = fixture.App;

    [Theory]
    [InlineData("rubbish")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("{\"name\":\"a\",}")]
    [InlineData("{'name':'a'}")]
    [InlineData("{\"name\":\"a\" /* why */}")]
    [InlineData("{\"name\":NaN}")]
    [InlineData("<xml/>")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("7")]
    [InlineData("\"text\"")]
    [InlineData("[]")]
    [InlineData(" ")]
    [InlineData("{\"name\":\"a\",\"name\":\"b\"}")]
    [InlineData("{\"name\":\"a\",\"n\\u0061me\":\"b\"}")]
    [InlineData("{\"name\":\"\u0001\"}")]
    public async Task A_body_that_is_no_JSON_object_is_412(string body)
    {
        var client = app.NewAssembly();

        (await client.CreateAsync(body)).IsRefused(412, "body-invalid");
        (await client.SendAsync(HttpMethod.Put, client.Address.Path, body)).IsRefused(412, "body-invalid");
    }

    [Fact]
    public async Task A_put_without_a_body_is_412()
    {
        var client = app.NewAssembly();

        (await client.SendAsync(HttpMethod.Put, client.Address.Path)).IsRefused(412, "body-invalid");
    }

    [Fact]
    public async Task Objects_within_objects_without_end_are_412()
    {
        var client = app.NewAssembly();
        var body = string.Concat(Enumerable.Repeat("{\"a\":", 5_000)) + "1" + new string('}', 5_000);

        (await client.SendAsync(HttpMethod.Put, client.Address.Path, body)).IsRefused(412, "body-invalid");
    }

    [Fact]
    public async Task Half_a_surrogate_pair_is_no_text()
    {
        var client = app.NewAssembly();
        await client.PutAssemblyAsync();

        (await client.CreateAsync("""{"name":"\ud83d"}""")).IsRefused(412, "invalid-request", "name");
    }

    [Fact]
    public async Task A_body_that_is_not_UTF_8_is_412()
    {
        var client = app.NewAssembly();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{client.Address.Path}/protections", UriKind.Relative));
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {client.Token}");
        request.Content = new ByteArrayContent([.. "{\"name\":\""u8, 0xFF, 0xFE, .. "\"}"u8]);

        using var response = await app.Http.SendAsync(request);

        var answer = await Answer.ReadAsync(response);
        Assert.Equal(412, answer.Status);
    }

    public static TheoryData<string, byte[]> UnreadableNames() => new()
    {
        { "half a surrogate pair", [.. """{"\ud800":1}"""u8] },
        { "half a surrogate pair in a nested object", [.. """{"cloudConnection":{"\udfff":1}}"""u8] },
        { "half a surrogate pair in an array", [.. """{"resourceFilterStrategy":{"filterType":"tags","tags":[{"key":"a","value":"b","x\ud800y":1}]}}"""u8] },
        { "a byte that is not UTF-8", [.. "{\""u8, 0xFF, .. "\":1}"u8] },
        { "a byte that is not UTF-8 in a nested object", [.. "{\"a\":{\""u8, 0xC3, .. "\":1}}"u8] },
        { "a byte that is not UTF-8, twice", [.. "{\""u8, 0xFF, .. "\":1,\""u8, 0xFF, .. "\":2}"u8] },
    };

    [Theory]
    [MemberData(nameof(UnreadableNames))]
    public async Task A_member_name_that_is_not_text_is_412(string what, byte[] body)
    {
        var client = app.NewAssembly();
        (string, string)[] token = [("Authorization", $"Bearer {client.Token}")];
        var raw = new RawHttp(app.Http.BaseAddress!);

        (await raw.SendAsync("PUT", client.Address.Path, token, body)).IsRefused(412, "body-invalid");
        (await raw.SendAsync("POST", $"{client.Address.Path}/protections", token, body)).IsRefused(412, "body-invalid");
        (await raw.SendAsync("POST", $"/api/v1/accounts/{client.Address.AccountId}/revoked-tokens", token, body)).IsRefused(412, "body-invalid");
        Assert.NotEmpty(what);
    }

    [Fact]
    public async Task However_much_is_wrong_the_answer_is_short()
    {
        var client = app.NewAssembly();
        var body = $$"""{{{string.Join(',', Enumerable.Range(0, 14_000).Select(i => $"\"member{i:D5}\":1"))}}}""";

        var answer = await client.SendAsync(HttpMethod.Put, client.Address.Path, body);

        Assert.Equal(412, answer.Status);
        Assert.InRange(answer.Body.Length, 1, 16 * 1024);
        Assert.Equal(20, answer.Json.GetProperty("errors").GetArrayLength());
        Assert.Equal(20, answer.Json.GetProperty("fieldErrors").EnumerateObject().Count());
    }

    [Theory]
    [InlineData("""{"NAME":1}""")]
    [InlineData("""{"name":"NAME"}""")]
    [InlineData("""{"retention":"NAME"}""")]
    public async Task What_is_wrong_is_quoted_in_short(string body)
    {
        var client = app.NewAssembly();

        var answer = await client.CreateAsync(body.Replace("NAME", new string('n', 15_000), StringComparison.Ordinal));

        Assert.Equal(412, answer.Status);
        Assert.InRange(answer.Body.Length, 1, 4 * 1024);
    }

    [Theory]
    [InlineData(1_000_000)]
    [InlineData(20_000_000)]
    public async Task A_body_that_is_too_large_is_412(int length)
    {
        var client = app.NewAssembly();
        var body = new StringBuilder("{\"name\":\"").Append('n', length).Append("\"}").ToString();

        (await client.SendAsync(HttpMethod.Put, client.Address.Path, body)).IsRefused(412, "body-too-large");
        (await client.CreateAsync(body)).IsRefused(412, "body-too-large");
    }

    [SkippableFact]
    public async Task A_body_that_is_announced_as_larger_than_any_server_takes_is_412_like_others()
    {
        Skip.If(OutsideApp.IsGiven, PlatformAssert.Reason);
        var client = app.NewAssembly();
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(client.Address.Path, UriKind.Relative));
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {client.Token}");
        // The client waits for a word before it sends the body, and so never has to.
        request.Headers.ExpectContinue = true;
        request.Content = new ByteArrayContent("{}"u8.ToArray());
        request.Content.Headers.ContentLength = 1_000_000_000;

        using var response = await app.Http.SendAsync(request);

        (await Answer.ReadAsync(response)).IsRefused(412, "body-too-large");
    }

    [Fact]
    public async Task Many_resources_are_not_too_much()
    {
        var client = app.NewAssembly();
        string[] resources = [.. Enumerable.Range(0, 5_000).Select(i => $"sim-ok-one-of-very-many-{i:D16}")];

        Assert.Equal(201, (await client.PutAssemblyAsync(AssemblyBody.Of(resources))).Status);
        var got = (await client.GetAsync(client.Address.Path)).Json;
        Assert.Equal(resources, got.GetProperty("resourceFilterStrategy").GetProperty("resources").EnumerateArray().Select(id => id.GetString()!));
    }

    [Fact]
    public async Task A_body_needs_no_content_type()
    {
        var client = app.NewAssembly();
        await client.PutAssemblyAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{client.Address.Path}/protections", UriKind.Relative));
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {client.Token}");
        request.Content = new ByteArrayContent("{}"u8.ToArray());

        using var response = await app.Http.SendAsync(request);

        Assert.Equal(202, (int)response.StatusCode);
    }
}
