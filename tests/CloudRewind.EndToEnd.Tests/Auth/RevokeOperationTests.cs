namespace CloudRewind.EndToEnd.Tests.Auth;

/// <summary>RevokeToken: a token of the account is refused from then on.</summary>
public sealed class RevokeOperationTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private readonly App app = fixture.App;

    [Fact]
    public async Task A_revoked_token_is_refused_from_then_on_even_if_it_was_just_used()
    {
        var client = app.NewAssembly();
        var lost = client.With(new TokenClaims { AccountId = client.Address.AccountId, Id = "lost/token#1" });
        (await lost.GetAsync(client.Address.Path)).IsRefused(404, "cloud-assembly-not-found");

        Assert.Equal(201, (await RevokeAsync(client, """{"tokenId":"lost/token#1","reason":"left on a train"}""")).Status);
        Assert.Equal(200, (await RevokeAsync(client, """{"tokenId":"lost/token#1"}""")).Status);

        (await lost.GetAsync(client.Address.Path)).IsRefused(401, "token-revoked");
        (await client.GetAsync(client.Address.Path)).IsRefused(404, "cloud-assembly-not-found");
    }

    [Fact]
    public async Task A_token_that_is_pasted_in_place_of_its_id_stays_good_and_is_nowhere_to_be_read()
    {
        var client = app.NewAssembly();
        var lost = client.With(new TokenClaims { AccountId = client.Address.AccountId, Id = "lost-jti" });

        var refusal = await RevokeAsync(client, $$"""{"tokenId":"Bearer {{lost.Token}}"}""");

        refusal.IsRefused(412, "invalid-request", "tokenId");
        Assert.Contains("Send the token's jti, not the token. It is 'lost-jti'.", refusal.Body, StringComparison.Ordinal);
        var signature = lost.Token![(lost.Token!.LastIndexOf('.') + 1)..];
        Assert.DoesNotContain(signature, refusal.Body, StringComparison.Ordinal);
        if (!OutsideApp.IsGiven)
            Assert.DoesNotContain(signature, app.Process.Output, StringComparison.Ordinal);
        (await lost.GetAsync(client.Address.Path)).IsRefused(404, "cloud-assembly-not-found");
        Assert.Equal("[]", (await ListAsync(client)).Body);
    }

    [Fact]
    public async Task Revoked_tokens_are_listed_in_parts_with_who_revoked_them()
    {
        var client = app.NewAssembly();
        foreach (var id in new[] { "b", "a", "c" })
            await RevokeAsync(client, $$"""{"tokenId":"{{id}}","reason":"why {{id}}"}""");

        var page = await ListAsync(client, "items=1-2");

        Assert.Equal(["a", "b"], page.Json.EnumerateArray().Select(token => token.GetProperty("tokenId").GetString()));
        Assert.Equal("end-to-end-tests", page.Json[0].GetProperty("by").GetProperty("actor").GetString());
        Assert.Equal("why a", page.Json[0].GetProperty("reason").GetString());
        Assert.Equal("c", Assert.Single((await ListAsync(client, "items=3-4")).Json.EnumerateArray()).GetProperty("tokenId").GetString());
        Assert.Equal("[]", (await ListAsync(app.NewAssembly())).Body);
        (await ListAsync(client.With(new TokenClaims { AccountId = client.Address.AccountId, Projects = new[] { "demo" } }))).IsRefused(403, "project-forbidden");
    }

    [Fact]
    public async Task It_needs_its_permission_and_is_for_the_tokens_own_account()
    {
        var client = app.NewAssembly();

        (await RevokeAsync(client.With(new TokenClaims { AccountId = client.Address.AccountId, Permissions = ["aws-protections.read"] }), """{"tokenId":"x"}"""))
            .IsRefused(403, "permission-missing");
        (await RevokeAsync(client.With(new TokenClaims { AccountId = client.Address.AccountId + 1 }), """{"tokenId":"x"}""")).IsRefused(403, "account-forbidden");
        (await RevokeAsync(client, "{}")).IsRefused(412, "invalid-request", "tokenId");
    }

    [Fact]
    public async Task A_token_that_is_limited_to_projects_revokes_only_itself()
    {
        var client = app.NewAssembly();
        var limited = client.With(new TokenClaims { AccountId = client.Address.AccountId, Projects = new[] { client.Address.ProjectId }, Id = "limited" });

        (await RevokeAsync(limited, """{"tokenId":"other"}""")).IsRefused(403, "project-forbidden");
        Assert.Equal(201, (await RevokeAsync(limited, """{"tokenId":"limited"}""")).Status);
        (await limited.GetAsync(client.Address.Path)).IsRefused(401, "token-revoked");
    }

    private static Task<Answer> ListAsync(ApiClient client, string range = "items=1-100") =>
        client.SendAsync(HttpMethod.Get, $"/api/v1/accounts/{client.Address.AccountId}/revoked-tokens", null, ("Range", range));

    private static Task<Answer> RevokeAsync(ApiClient client, string body) =>
        client.SendAsync(HttpMethod.Post, $"/api/v1/accounts/{client.Address.AccountId}/revoked-tokens", body);
}
