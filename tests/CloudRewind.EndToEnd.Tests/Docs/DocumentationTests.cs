using System.Text.RegularExpressions;

namespace CloudRewind.EndToEnd.Tests.Docs;

/// <summary>The contract is served to anybody: as it is in the repository, and as a page whose files all come from here.</summary>
public sealed partial class DocumentationTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private readonly ApiClient anybody = fixture.App.NewAssembly().With((string?)null);

    [Fact]
    public async Task The_contract_is_the_file()
    {
        var answer = await anybody.GetAsync("/api/openapi.yaml");

        Assert.Equal(200, answer.Status);
        Assert.Equal("application/yaml", answer.Header("Content-Type"));
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "openapi", "cloud-rewind.v1.yaml")), answer.Body);
    }

    [Theory]
    [InlineData("/api")]
    [InlineData("/api/")]
    [InlineData("/api/v1")]
    [InlineData("/API/V1/")]
    public async Task What_is_typed_first_leads_there(string address)
    {
        var answer = await anybody.GetAsync(address);

        Assert.Equal(302, answer.Status);
        Assert.Equal("/api/docs", answer.Header("Location"), ignoreCase: true);
    }

    [Fact]
    public async Task Nothing_but_a_look_leads_there() =>
        (await anybody.SendAsync(HttpMethod.Post, "/api/v1")).IsRefused(404, "operation-not-found");

    [Theory]
    [InlineData("/api/docs")]
    [InlineData("/api/docs/")]
    public async Task Its_address_leads_to_the_page(string address)
    {
        var answer = await anybody.GetAsync(address);

        Assert.Equal((302, "/api/docs/index.html"), (answer.Status, answer.Header("Location")));
    }

    [Fact]
    public async Task All_that_the_page_needs_lies_beside_it_and_it_shows_the_contract()
    {
        var page = await anybody.GetAsync("/api/docs/index.html");

        Assert.Equal(200, page.Status);
        Assert.StartsWith("text/html", page.Header("Content-Type"), StringComparison.Ordinal);
        var files = Reference().Matches(page.Body).Select(match => match.Groups["file"].Value).ToArray();
        Assert.Contains("index.js", files);
        Assert.All(files, file => Assert.DoesNotContain("//", file, StringComparison.Ordinal));
        foreach (var file in files)
            Assert.True((await anybody.GetAsync($"/api/docs/{file}")).Status == 200, file);
        Assert.Contains("\"../openapi.yaml\"", (await anybody.GetAsync("/api/docs/index.js")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_may_load_and_ask_what_comes_from_here_and_nothing_else()
    {
        var answer = await anybody.GetAsync("/api/docs/index.html");

        var policy = answer.Header("Content-Security-Policy")!;
        Assert.StartsWith("default-src 'none'; script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("connect-src 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.DoesNotContain(answer.Headers.Keys, header => header.Contains("version", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_client_that_has_the_page_gets_304()
    {
        var tag = (await anybody.GetAsync("/api/docs/swagger-ui.css")).Header("ETag")!;

        var answer = await anybody.GetAsync("/api/docs/swagger-ui.css", ("If-None-Match", tag));

        Assert.Equal((304, ""), (answer.Status, answer.Body));
    }

    [Theory]
    [InlineData("nothing.css")]
    [InlineData("..%2Fopenapi.yaml")]
    [InlineData("%2e%2e%5chost.json")]
    [InlineData("Swashbuckle.AspNetCore.SwaggerUI.dll")]
    public async Task There_is_nothing_else_beside_it(string file) => (await anybody.GetAsync($"/api/docs/{file}")).IsRefused(404, "operation-not-found");

    [GeneratedRegex("(?:href|src)=\"(?:\\./)?(?<file>[^\"]+)\"")]
    private static partial Regex Reference();
}
