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

    private static Task<Answer> RevokeAsync(ApiClient client, string body) =>
        client.SendAsync(HttpMethod.Post, $"/api/v1/accounts/{client.Address.AccountId}/revoked-tokens", body);
}
