namespace CloudRewind.EndToEnd.Tests.Http;

/// <summary>Paths, methods and project ids: which exist, and how the others are answered.</summary>
public sealed class AddressTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private readonly App app = fixture.App;

    [Theory]
    [InlineData("/api/v1x")]
    [InlineData("/api/v1%2F")]
    [InlineData("/api/v2/accounts/1/projects/p/aws/cloud-assemblies/7")]
    [InlineData("/api/v1/accounts/1/projects/p/aws/cloud-assemblies/7/protections/status/more")]
    [InlineData("/api/v1/accounts/1/projects/p/gcp/cloud-assemblies/7")]
    [InlineData("/api/v1/accounts/1/projects//aws/cloud-assemblies/7")]
    [InlineData("/api/v1/accounts/1/projects/a/b/aws/cloud-assemblies/7")]
    [InlineData("/api/health")]
    [InlineData("/api/%2500")]
    [InlineData("/api/health%252Flive")]
    public async Task An_unknown_path_is_404_without_a_look_at_the_token(string path) =>
        (await app.NewAssembly().With("rubbish").GetAsync(path)).IsRefused(404, "operation-not-found");

    [Theory]
    [InlineData("DELETE", "/protections/status", "GET")]
    [InlineData("POST", "/protections/status?protection_id=x", "GET")]
    [InlineData("PUT", "/protections", "POST")]
    [InlineData("PATCH", "", "GET", "PUT")]
    [InlineData("FROB", "", "GET", "PUT")]
    public async Task A_method_that_is_not_allowed_is_405_and_the_allowed_ones_are_named(string method, string path, params string[] allowed)
    {
        var client = app.NewAssembly().With((string?)null);

        var answer = await client.SendAsync(new HttpMethod(method), client.Address.Path + path);

        answer.IsRefused(405, "method-not-allowed");
        Assert.Subset(answer.Header("Allow")!.Split(", ").ToHashSet(), allowed.ToHashSet());
    }

    [Fact]
    public async Task A_POST_to_a_list_whose_items_are_put_says_how_to_create_one()
    {
        var client = app.NewAssembly();
        var list = client.Address.Path[..client.Address.Path.LastIndexOf('/')];

        var refused = await client.SendAsync(HttpMethod.Post, list, AssemblyBody.Of().ToJsonString());

        refused.IsRefused(405, "method-not-allowed");
        Assert.Contains("choose its id and PUT it", refused.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("PUT it", (await client.SendAsync(HttpMethod.Post, client.Address.Path)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_allows_GET_and_HEAD_only()
    {
        var answer = await app.NewAssembly().SendAsync(HttpMethod.Post, "/api/health/live");

        answer.IsRefused(405, "method-not-allowed");
        Assert.Equal("GET, HEAD", answer.Header("Allow"));
    }

    [Theory]
    [InlineData("/api/health/live", """{"status":"live","version":"1.0.0","provider":"Simulated"}""")]
    [InlineData("/api/health/ready", """{"status":"ready"}""")]
    public async Task Health_answers_without_a_token(string path, string body)
    {
        var answer = await app.NewAssembly().With((string?)null).GetAsync(path);

        Assert.Equal((200, body), (answer.Status, answer.Body));
        Assert.Equal("no-store", answer.Header("Cache-Control"));
    }

    [Fact]
    public async Task The_case_of_a_path_does_not_matter()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync([]);
        var path = client.StatusPath(id)
            .Replace("/api/v1/accounts/", "/API/V1/Accounts/", StringComparison.Ordinal)
            .Replace("/projects/", "/Projects/", StringComparison.Ordinal)
            .Replace("/aws/cloud-assemblies/", "/AWS/CLOUD-assemblies/", StringComparison.Ordinal)
            .Replace("/protections/status", "/Protections/STATUS", StringComparison.Ordinal);

        Assert.Equal(200, (await client.GetAsync(path)).Status);
    }

    [Fact]
    public async Task A_trailing_slash_does_not_matter()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync([]);

        Assert.Equal(200, (await client.GetAsync($"{client.Address.Path}/")).Status);
        Assert.Equal(200, (await client.GetAsync(client.StatusPath(id).Replace("/status?", "/status/?", StringComparison.Ordinal))).Status);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("../up")]
    [InlineData("a:b:1:0:5")]
    [InlineData(":")]
    [InlineData("🚀 prøject")]
    [InlineData("a\\b#c?d")]
    [InlineData("100% 'quoted' \"twice\"")]
    [InlineData("a+b c&d=e")]
    [InlineData("*")]
    [InlineData("~.-_!")]
    public async Task Any_text_is_a_project(string text)
    {
        // In an account of its own, so that every project is another one.
        var client = app.NewAssembly(text);
        var put = await client.PutAssemblyAsync(AssemblyBody.Of("sim-ok-a"));
        Assert.Equal(201, put.Status);
        var created = await client.CreateAsync();
        var id = ApiClient.IdOf(created);

        var seen = await client.WatchAddressAsync(created.Header("Location")!, "success");

        Assert.StartsWith($"t{client.Address.AccountId}:{text}:{client.Address.CloudAssemblyId}:0:", id, StringComparison.Ordinal);
        Assert.Equal("success", seen[^1].Status);
        await app.Tables.HasTimelineAsync(id, [.. TimelineAssert.Captured, "success"]);
    }

    [Fact]
    public async Task A_project_may_have_a_long_name()
    {
        var client = app.NewAssembly(new string('ä', 300));
        var id = await client.ProtectAsync(["sim-ok-a"]);

        await client.WatchAsync(id, "success");
    }

    [Theory]
    [InlineData("a/b", "a:b")]
    [InlineData("a", "A")]
    [InlineData("a=2Fb", "a/b")]
    [InlineData("ä", "a\u0308")]
    public async Task Projects_that_look_alike_are_two(string one, string other)
    {
        var client = app.NewAssembly(one);
        await client.PutAssemblyAsync();
        var stranger = client.At(client.Address with { ProjectId = other });

        (await stranger.GetAsync(stranger.Address.Path)).IsRefused(404, "cloud-assembly-not-found");
    }

    [Fact]
    public async Task A_token_for_a_project_with_a_slash_is_good_for_it_and_for_no_other()
    {
        var client = app.NewAssembly("a/b");
        await client.PutAssemblyAsync();
        var claims = new TokenClaims { AccountId = client.Address.AccountId, Projects = new[] { "a/b" } };

        Assert.Equal(200, (await client.With(claims).GetAsync(client.Address.Path)).Status);
        var other = client.At(client.Address with { ProjectId = "a" }).With(claims);
        (await other.GetAsync(other.Address.Path)).IsRefused(403, "project-forbidden");
    }
}
