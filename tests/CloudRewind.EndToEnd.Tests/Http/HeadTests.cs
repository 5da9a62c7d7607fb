namespace CloudRewind.EndToEnd.Tests.Http;

/// <summary>HEAD answers as GET does, without the body (RFC 9110, section 9.3.2).</summary>
public sealed class HeadTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    // They depend on the moment, or on the body.
    private static readonly string[] Differing = ["x-correlation-id", "Date", "Transfer-Encoding", "Content-Length", "Retry-After"];

    private readonly App app = fixture.App;

    [Theory]
    [InlineData("")]
    [InlineData("/protections")]
    [InlineData("/protections/status?protection_id=ID")]
    [InlineData("/protections/timeline?protection_id=ID")]
    [InlineData("/..")]
    public async Task Of_an_assembly_and_its_protections(string path)
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync([]);
        await client.WatchAsync(id, "skipped");

        await IsAsGetAsync(client, client.Address.Path + path.Replace("ID", Uri.EscapeDataString(id), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/api/health/live")]
    [InlineData("/api/health/ready")]
    [InlineData("/api/openapi.yaml")]
    [InlineData("/api/docs")]
    [InlineData("/api/docs/index.html")]
    [InlineData("/api/docs/swagger-ui.css")]
    public Task Of_what_needs_no_token(string path) => IsAsGetAsync(app.NewAssembly().With((string?)null), path);

    [Fact]
    public async Task Of_what_is_refused()
    {
        var client = app.NewAssembly();

        Assert.Equal(404, (await IsAsGetAsync(client, client.Address.Path)).Status);
        Assert.Equal(401, (await IsAsGetAsync(client.With((string?)null), client.Address.Path)).Status);
        Assert.Equal(412, (await IsAsGetAsync(client, $"{client.Address.Path}/protections/status")).Status);
        Assert.Equal(404, (await IsAsGetAsync(client, "/api/nothing")).Status);
    }

    private static async Task<Answer> IsAsGetAsync(ApiClient client, string path)
    {
        var get = await client.GetAsync(path);
        var head = await client.SendAsync(HttpMethod.Head, path);

        Assert.Equal((get.Status, ""), (head.Status, head.Body));
        Assert.Equal(Compared(get), Compared(head));
        return head;
    }

    private static IEnumerable<string> Compared(Answer answer) =>
        answer.Headers.Where(header => !Differing.Contains(header.Key, StringComparer.OrdinalIgnoreCase)).Select(header => $"{header.Key}: {header.Value}").Order(StringComparer.Ordinal);
}
