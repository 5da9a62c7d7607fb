using System.Text;
using CsCheck;

namespace CloudRewind.EndToEnd.Tests.Http;

/// <summary>Whatever a project is called, the <c>Location</c> of its protection leads to it.</summary>
public sealed class LocationTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private const int Cases = 25;
    private const int LongestProjectId = 400;

    private static readonly Gen<string> ProjectId =
        Gen.Int[0, Parts.Length - 1].Select(index => Parts[index]).Array[1, 6].Select(string.Concat).Where(text => text is not ("." or ".."));

    private readonly App app = fixture.App;

    private static string[] Parts =>
    [
        "%", "%5C", "%5c", "%25", "%2525", "%2F", "%2f", "%252F", "%00", "%zz", "%C3", "/", "\\", ".", "..", "?", "#", "&", "=", "+", " ", ":", ";", "a", "Z", "ä", "🚀", "\u0001", "\u007f", "\u202e", "'", "\"", "{", "}", "*", "~",
    ];

    [SkippableFact]
    public async Task Every_project_id_comes_back_in_a_location_that_works()
    {
        Skip.If(OutsideApp.IsGiven, PlatformAssert.Reason);
        await ProjectId.SampleAsync(async project => await CheckAsync(project), iter: Cases, threads: 2);
    }

    [Theory]
    [InlineData("a%5C")]
    [InlineData("%2525")]
    [InlineData("100%25")]
    [InlineData("a/b")]
    public Task So_does_one_that_looks_encoded(string project) => CheckAsync(project);

    [Fact]
    public async Task So_does_the_longest_and_a_longer_one_is_412()
    {
        await CheckAsync(new string('ä', LongestProjectId));

        var client = app.NewAssembly(new string('a', LongestProjectId + 1));
        (await client.GetAsync(client.Address.Path)).IsRefused(412, "invalid-request", "projectId");
    }

    [SkippableFact]
    public async Task A_slash_and_an_encoded_slash_are_two_projects()
    {
        Skip.If(OutsideApp.IsGiven, PlatformAssert.Reason);
        var slash = app.NewAssembly("a/b");
        var encoded = slash.At(slash.Address with { ProjectId = "a%2Fb" });
        await slash.PutAssemblyAsync();

        (await encoded.GetAsync(encoded.Address.Path)).IsRefused(404, "cloud-assembly-not-found");
        Assert.Equal(201, (await encoded.PutAssemblyAsync(AssemblyBody.Of())).Status);
        var token = new TokenClaims { AccountId = slash.Address.AccountId, Projects = new[] { "a%2Fb" } };
        Assert.Equal(200, (await encoded.With(token).GetAsync(encoded.Address.Path)).Status);
        (await slash.With(token).GetAsync(slash.Address.Path)).IsRefused(403, "project-forbidden");
    }

    private async Task CheckAsync(string project)
    {
        var client = app.NewAssembly(project);
        await SendAsync(client, "PUT", client.Address.Path, AssemblyBody.Of().ToJsonString());

        var created = await SendAsync(client, "POST", $"{client.Address.Path}/protections", "{}");

        Assert.StartsWith($"t{client.Address.AccountId}:{project}:{client.Address.CloudAssemblyId}:0:", ApiClient.IdOf(created), StringComparison.Ordinal);
        var location = created.Header("Location")!;
        var origin = app.Http.BaseAddress!.GetLeftPart(UriPartial.Authority);
        Assert.StartsWith(origin, location, StringComparison.Ordinal);
        var status = await SendAsync(client, "GET", location[origin.Length..]);
        Assert.True(status.Status == 200, $"{location} of '{project}' answers {status}");
    }

    // Past HttpClient, which would put some addresses right on the way.
    private async Task<Answer> SendAsync(ApiClient client, string method, string target, string? body = null)
    {
        var answer = await new RawHttp(app.Http.BaseAddress!).SendAsync(
            method, target, [("Authorization", $"Bearer {client.Token}")], body is null ? null : Encoding.UTF8.GetBytes(body));
        await Contract.CheckAsync(new HttpMethod(method), target.Split('?')[0], answer);
        return answer;
    }
}
