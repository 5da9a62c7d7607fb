using System.Text;
using System.Text.Json.Nodes;

namespace CloudRewind.EndToEnd.Tests.Http;

/// <summary>What a framework would answer by itself: wrong methods are the app's to answer, and what is no request is the server's, without a word about it.</summary>
public sealed class FrameworkAnswerTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private readonly App app = fixture.App;

    private RawHttp Raw => new(app.Http.BaseAddress!);

    /// <summary>Each path of the contract, with each method that is not allowed there.</summary>
    public static TheoryData<string, string, string> WrongMethods()
    {
        var cases = new TheoryData<string, string, string>();
        foreach (var (path, item) in Contract.Document["paths"]!.AsObject())
        {
            // Where GET is allowed, so is HEAD.
            string[] allowed =
            [
                .. ((JsonObject)item!).Select(member => member.Key)
                    .Where(key => key != "parameters")
                    .SelectMany(key => key == "get" ? ["GET", "HEAD"] : new[] { key.ToUpperInvariant() })
                    .Order(StringComparer.Ordinal),
            ];
            foreach (var method in new[] { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO" }.Except(allowed))
                cases.Add(method, path, string.Join(", ", allowed));
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(WrongMethods))]
    public async Task A_method_that_is_not_allowed_is_405_and_the_allowed_ones_are_named(string method, string path, string allowed)
    {
        var answer = await Raw.SendAsync(method, $"/api{path.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal)}", []);

        Assert.Equal(405, answer.Status);
        Assert.Equal(allowed, answer.Header("Allow"));
        Assert.DoesNotContain(answer.Headers.Keys, header => header.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
        if (method == "HEAD")
            Assert.Equal("", answer.Body); // RFC 9110, section 9.3.2
        else
            answer.IsRefused(405, "method-not-allowed");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("no media type at all")]
    [InlineData("")]
    public async Task What_the_content_type_says_changes_nothing(string contentType)
    {
        var client = app.NewAssembly();

        var good = await Raw.SendAsync("PUT", client.Address.Path, With(client, ("Content-Type", contentType)), Encoding.UTF8.GetBytes(AssemblyBody.Of().ToJsonString()));
        var bad = await Raw.SendAsync("PUT", client.Address.Path, With(client, ("Content-Type", contentType)), "name=a"u8.ToArray());

        Assert.Equal(201, good.Status);
        bad.IsRefused(412, "body-invalid");
    }

    [Fact]
    public async Task A_body_in_chunks_that_is_too_large_is_412()
    {
        var client = app.NewAssembly();
        var chunk = $"10000\r\n{new string(' ', 0x10000)}\r\n";

        var answer = await ExchangeAsync(
            $"PUT {client.Address.Path} HTTP/1.1\r\nHost: {Raw.Host}\r\nConnection: close\r\nAuthorization: Bearer {client.Token}\r\nTransfer-Encoding: chunked\r\n\r\n{string.Concat(Enumerable.Repeat(chunk, 20))}0\r\n\r\n");

        answer!.IsRefused(412, "body-too-large");
    }

    [Theory]
    [InlineData("zz\r\n{}\r\n0\r\n\r\n")]
    [InlineData("2\r\n{}xx\r\n0\r\n\r\n")]
    [InlineData("ffffffffffffffff\r\n{}")]
    [InlineData("-2\r\n{}\r\n0\r\n\r\n")]
    public async Task A_malformed_chunked_body_is_refused_by_the_host(string body)
    {
        var client = app.NewAssembly();

        var answer = await ExchangeAsync(
            $"PUT {client.Address.Path} HTTP/1.1\r\nHost: {Raw.Host}\r\nConnection: close\r\nAuthorization: Bearer {client.Token}\r\nTransfer-Encoding: chunked\r\n\r\n{body}");

        IsTheHosts(answer, 400);
        await IsAliveAsync();
    }

    [Fact]
    public async Task A_body_announced_as_larger_than_a_host_forwards_is_refused()
    {
        var client = app.NewAssembly();

        var answer = await ExchangeAsync(
            $"PUT {client.Address.Path} HTTP/1.1\r\nHost: {Raw.Host}\r\nConnection: close\r\nAuthorization: Bearer {client.Token}\r\nContent-Length: 1000000000\r\n\r\n{{");

        IsTheHosts(answer, 412, 413);
        await IsAliveAsync();
    }

    [Fact]
    public async Task More_headers_than_a_host_forwards_are_refused()
    {
        var answer = await Raw.TrySendAsync("GET", "/api/health/live", [.. Enumerable.Range(0, 97).Select(i => ($"x-{i}", "a"))]);

        IsTheHosts(answer, 431);
        await IsAliveAsync();
    }

    [Fact]
    public async Task A_URL_that_grows_too_long_on_its_way_is_refused()
    {
        var answer = await Raw.TrySendAsync("GET", $"/api/{string.Concat(Enumerable.Repeat("%2F", 2_000))}", []);

        IsTheHosts(answer, 404, 414);
        await IsAliveAsync();
    }

    [Fact]
    public async Task A_header_that_is_not_ASCII_reaches_the_app_where_the_host_can_pass_it_on()
    {
        var client = app.NewAssembly();

        var answer = await Raw.TrySendAsync("GET", client.Address.Path, With(client, ("x-name", "käse")));

        if (OutsideApp.IsGiven)
            answer.IsThePlatforms();
        else
            answer!.IsRefused(404, "cloud-assembly-not-found");
        await IsAliveAsync();
    }

    [Theory]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0xC3, 0x28 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xC3, 0xA4 })]
    public async Task A_key_that_is_not_ASCII_is_refused_by_the_app_where_the_host_can_pass_it_on(byte[] key)
    {
        var client = app.NewAssembly();
        var head = $"POST {client.Address.Path}/protections HTTP/1.1\r\nHost: {Raw.Host}\r\nConnection: close\r\nAuthorization: Bearer {client.Token}\r\nContent-Length: 0\r\nIdempotency-Key: ";

        var answer = await Raw.ExchangeAsync([.. Encoding.ASCII.GetBytes(head), .. key, .. "\r\n\r\n"u8], endOfStream: false);

        if (OutsideApp.IsGiven)
            answer.IsThePlatforms();
        else
            answer!.IsRefused(412, "invalid-request", "Idempotency-Key");
        await IsAliveAsync();
    }

    [Fact]
    public async Task An_incomplete_body_is_not_accepted()
    {
        var client = app.NewAssembly();

        var answer = await ExchangeAsync(
            $"PUT {client.Address.Path} HTTP/1.1\r\nHost: {Raw.Host}\r\nConnection: close\r\nAuthorization: Bearer {client.Token}\r\nContent-Length: 5000\r\n\r\n{AssemblyBody.Of().ToJsonString()}",
            endOfStream: true);

        Assert.True(answer is null or { Status: 400 or 412 }, $"{answer}");
        (await client.GetAsync(client.Address.Path)).IsRefused(404, "cloud-assembly-not-found");
    }

    [Fact]
    public async Task A_URL_that_is_too_long_is_refused_by_the_server()
    {
        var answer = await Raw.SendAsync("GET", $"/api/{new string('a', 20_000)}", []);

        IsTheServers(answer, 414);
    }

    [Fact]
    public async Task Headers_that_are_too_large_are_refused_by_the_server()
    {
        var answer = await Raw.SendAsync("GET", "/api/health/live", [.. Enumerable.Range(0, 90).Select(i => ($"x-{i}", new string('a', 1_000)))]);

        IsTheServers(answer, 431);
    }

    [Theory]
    [InlineData("GET /api/%00 HTTP/1.1\r\nHost: HOST")]
    [InlineData("GET /api/health/live HTTP/1.1")]
    [InlineData("GET /api/health/live HTTP/1.1\r\nHost: HOST\r\nHost: HOST")]
    [InlineData("GET /api/health/live HTTP/1.1\r\nHost: a b/c?d")]
    [InlineData("GET /api/health/live HTTP/1.1\r\nHost: HOST\r\nno colon")]
    [InlineData("GET /api/health/live HTTP/1.1\r\nHost: HOST\r\nContent-Length: -1")]
    [InlineData("PUT /api/v1 HTTP/1.1\r\nHost: HOST\r\nContent-Length: 1\r\nContent-Length: 2")]
    [InlineData("GET /api/health/live HTTP/1.1\r\nHost: HOST\r\nx-name: a\0b")]
    [InlineData("G\u0001T /api/health/live HTTP/1.1\r\nHost: HOST")]
    [InlineData("GET api/health/live HTTP/1.1\r\nHost: HOST")]
    [InlineData("GET  HTTP/1.1\r\nHost: HOST")]
    [InlineData("GET /api/health/live\r\nHost: HOST")]
    [InlineData("rubbish")]
    public async Task An_invalid_request_is_refused_by_the_server(string head) =>
        IsTheServers(await ExchangeAsync($"{head.Replace("HOST", Raw.Host, StringComparison.Ordinal)}\r\n\r\n"), 400);

    [SkippableFact]
    public async Task A_content_length_with_a_sign_is_refused_by_the_server()
    {
        Skip.If(OutsideApp.IsGiven, PlatformAssert.Reason);
        IsTheServers(await ExchangeAsync($"PUT /api/v1 HTTP/1.1\r\nHost: {Raw.Host}\r\nContent-Length: +2\r\n\r\n{{}}"), 400);
    }

    [Theory]
    [InlineData("GET", "/api/health/live")]
    [InlineData("GET", "/api/docs/")]
    [InlineData("POST", "/api/v1/accounts/1/projects/demo/aws/cloud-assemblies/7/protections")]
    public async Task An_empty_host_is_refused(string method, string path)
    {
        var answer = await ExchangeAsync($"{method} {path} HTTP/1.1\r\nHost:\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        IsTheHosts(answer, 400);
    }

    [Fact]
    public async Task An_unknown_version_of_HTTP_is_refused_by_the_server() =>
        IsTheServers(await ExchangeAsync($"GET /api/health/live HTTP/9.9\r\nHost: {Raw.Host}\r\n\r\n"), 505);

    [Fact]
    public async Task A_tunnel_is_opened_to_nowhere()
    {
        var answer = await ExchangeAsync("CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\nConnection: close\r\n\r\n");

        Assert.True(answer is { Status: 400 or 404 or 405 }, $"{answer}");
        await IsAliveAsync();
    }

    [SkippableTheory]
    [InlineData("GET http://HOST/api/health/live HTTP/1.1\r\nHost: HOST\r\nConnection: close")]
    [InlineData("GET /api/health/live HTTP/1.0")]
    public async Task Older_and_longer_ways_to_ask_are_served(string head)
    {
        Skip.If(OutsideApp.IsGiven && !head.Contains("Host:", StringComparison.Ordinal), PlatformAssert.Reason);
        var answer = await ExchangeAsync($"{head.Replace("HOST", Raw.Host, StringComparison.Ordinal)}\r\n\r\n");

        Assert.Equal(200, answer!.Status);
    }

    private static (string, string)[] With(ApiClient client, (string, string) header) => [("Authorization", $"Bearer {client.Token}"), header];

    private Task<Answer?> ExchangeAsync(string request, bool endOfStream = false) => Raw.ExchangeAsync(Encoding.UTF8.GetBytes(request), endOfStream);

    private static void IsTheServers(Answer? answer, int status)
    {
        Assert.NotNull(answer);
        Assert.Equal((status, ""), (answer.Status, answer.Body));
        Assert.DoesNotContain(answer.Headers.Keys, header => header.StartsWith("X-Powered", StringComparison.OrdinalIgnoreCase) || header.StartsWith("X-AspNet", StringComparison.OrdinalIgnoreCase));
    }

    // In whatever words: the app has not seen the request.
    private static void IsTheHosts(Answer? answer, params int[] statuses)
    {
        if (OutsideApp.IsGiven)
            answer.IsThePlatforms();
        else
            Assert.True(answer is not null && statuses.Contains(answer.Status), $"{answer}");
    }

    private async Task IsAliveAsync() => Assert.Equal(200, (await Raw.SendAsync("GET", "/api/health/live", [])).Status);
}
