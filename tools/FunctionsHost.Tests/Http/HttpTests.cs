using System.Net;
using System.Text;
using CloudRewind.FunctionsHost.Tests.Support;

namespace CloudRewind.FunctionsHost.Tests.Http;

/// <summary>What becomes of a request on its way to the function and back.</summary>
[Collection(SharedHost.Name)]
public sealed class HttpTests(HostFixture fixture)
{
    private readonly HostProgram host = fixture.Host;
    private readonly string name = Guid.NewGuid().ToString("N");

    [Theory]
    [InlineData("api/items/book/7/cover", "book 7 cover")]
    [InlineData("api/items/book/7", "book 7 none")]
    [InlineData("api/items/a%20b/7", "a b 7 none")]
    public async Task The_values_of_a_route_are_parameters_of_the_function(string path, string values) =>
        Assert.Equal(values, await host.Client.GetStringAsync(path));

    [Theory]
    [InlineData("GET", "AnyOverlap")]
    [InlineData("POST", "ExactOverlap")]
    public async Task A_request_goes_to_the_first_function_by_name_whose_route_and_method_match(string method, string function)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "api/overlap/exact");
        using var answer = await host.Client.SendAsync(request);
        Assert.Equal(function, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_address_of_the_host_leads_to_its_functions()
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
        using var answer = await client.GetAsync(host.BaseAddress);

        Assert.Equal((HttpStatusCode.Found, "/api"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
    }

    [Theory]
    [InlineData("api/nothing", HttpStatusCode.NotFound)]
    [InlineData("process", HttpStatusCode.NotFound)]
    [InlineData("api/items/book/seven", HttpStatusCode.NotFound)]
    public async Task A_path_that_no_function_has_is_404(string path, HttpStatusCode status)
    {
        using var answer = await host.Client.GetAsync(path);
        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task An_answer_is_passed_on_as_it_is_written()
    {
        using var answer = await host.Client.GetAsync($"api/parts/{name}", HttpCompletionOption.ResponseHeadersRead);
        using var body = await answer.Content.ReadAsStreamAsync();
        var first = new byte[5];
        await body.ReadExactlyAsync(first);
        Assert.Equal("first", Encoding.UTF8.GetString(first));

        host.Notes.Add($"open-{name}"); // only now may the function end
        using var rest = new StreamReader(body);
        Assert.Equal("second", await rest.ReadToEndAsync());
    }

    [Fact]
    public async Task A_body_is_passed_on_as_it_comes()
    {
        const int Size = 64 * 1024; // less may wait in a buffer
        using var connection = await RawConnection.OpenAsync(host.BaseAddress);
        await connection.SendAsync(
            $"POST /api/uploads/{name} HTTP/1.1\r\nHost: probe\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
        await connection.SendAsync($"{Size:x}\r\n{new string('a', Size)}\r\n");
        await host.Notes.UntilAsync($"upload-{name}");
        await connection.SendAsync("4\r\nrest\r\n0\r\n\r\n");
        var answer = await connection.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.Contains($"{Size + 4}", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_body_gets_through()
    {
        const int Size = 16 * 1024 * 1024;
        using var answer = await host.Client.PostAsync($"api/uploads/{name}", new ByteArrayContent(new byte[Size]));
        Assert.Equal($"{Size}", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_body_above_the_limit_is_413()
    {
        using var connection = await RawConnection.OpenAsync(host.BaseAddress);
        await connection.SendAsync(
            $"POST /api/uploads/{name} HTTP/1.1\r\nHost: probe\r\nContent-Length: {200L * 1024 * 1024}\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 413 ", await connection.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5\r\nfirst\r\nnonsense\r\n")]
    [InlineData("nonsense\r\n")]
    public async Task A_malformed_chunked_body_is_400(string body)
    {
        using var connection = await RawConnection.OpenAsync(host.BaseAddress);
        await connection.SendAsync(
            $"POST /api/uploads/{name} HTTP/1.1\r\nHost: probe\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n{body}");
        Assert.StartsWith("HTTP/1.1 400 ", await connection.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_malformed_body_is_400_even_where_the_function_never_ends()
    {
        using var connection = await RawConnection.OpenAsync(host.BaseAddress);
        const string Rest = "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nfirst\r\nnonsense\r\n";
        await connection.SendAsync($"GET /api/hangs/{name} HTTP/1.1\r\nHost: probe\r\n{Rest}");
        Assert.StartsWith("HTTP/1.1 400 ", await connection.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_header_beyond_ASCII_gets_through()
    {
        using var connection = await RawConnection.OpenAsync(host.BaseAddress);
        await connection.SendAsync("GET /api/header HTTP/1.1\r\nHost: probe\r\nx-probe: Grüße\r\nConnection: close\r\n\r\n");
        Assert.Contains("Grüße", await connection.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("+2")]
    [InlineData("-2")]
    [InlineData("2,2")]
    [InlineData("0x2")]
    [InlineData("2.0")]
    [InlineData("2 2")]
    [InlineData("")]
    [InlineData("99999999999999999999999999999999")]
    public async Task A_content_length_that_is_no_number_of_digits_is_400(string length)
    {
        using var connection = await RawConnection.OpenAsync(host.BaseAddress);
        await connection.SendAsync(
            $"POST /api/uploads/{name} HTTP/1.1\r\nHost: probe\r\nContent-Length: {length}\r\nConnection: close\r\n\r\nab");
        Assert.StartsWith("HTTP/1.1 400 ", await connection.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData((byte)0xFF)]
    [InlineData((byte)0x00)]
    public async Task A_header_that_the_worker_refuses_is_400_at_once(byte value)
    {
        using var connection = await RawConnection.OpenAsync(host.BaseAddress);
        var head = Encoding.ASCII.GetBytes($"GET /api/hangs/{name} HTTP/1.1\r\nHost: probe\r\nx-probe: a");
        await connection.SendAsync([.. head, value, .. "\r\nConnection: close\r\n\r\n"u8]);
        Assert.StartsWith("HTTP/1.1 400 ", await connection.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("api/fails")]
    [InlineData("api/fails-before-it-runs")]
    public async Task A_function_that_throws_is_a_500(string path)
    {
        using var answer = await host.Client.GetAsync(path);
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
    }

    [Fact]
    public async Task A_client_that_goes_away_cancels_the_invocation()
    {
        using (var connection = await RawConnection.OpenAsync(host.BaseAddress))
        {
            await connection.SendAsync($"GET /api/waits/{name} HTTP/1.1\r\nHost: probe\r\n\r\n");
            await host.Notes.UntilAsync($"runs-{name}");
        }

        await host.Notes.UntilAsync($"told-{name}");
    }
}
