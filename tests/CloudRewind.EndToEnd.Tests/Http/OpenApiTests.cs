using CloudRewind.TestSupport;

namespace CloudRewind.EndToEnd.Tests.Http;

/// <summary>The contract is served as it is in the repository, to anybody.</summary>
public sealed class OpenApiTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    [Fact]
    public async Task It_is_the_file()
    {
        var answer = await fixture.App.NewAssembly().With((string?)null).GetAsync("/api/openapi.yaml");

        Assert.Equal(200, answer.Status);
        Assert.Equal("application/yaml", answer.Header("Content-Type"));
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "openapi", "cloud-rewind.v1.yaml")), answer.Body);
    }
}
