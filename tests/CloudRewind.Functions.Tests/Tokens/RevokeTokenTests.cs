using System.Text;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using CloudRewind.Functions.Tests.Auth;
using CloudRewind.Functions.Tests.Support;
using CloudRewind.Functions.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace CloudRewind.Functions.Tests.Tokens;

public sealed class RevokeTokenTests : IDisposable
{
    private readonly SignedTokens tokens = new();
    private readonly InMemoryRevokedTokens revoked = new();
    private readonly RevokeToken operation;

    public RevokeTokenTests()
    {
        var cache = new RevocationCache(revoked, new FakeTimeProvider());
        var issuer = new TrustedIssuer(new AuthOptions.ByKeys([tokens.PublicKey], SignedTokens.Issuer, SignedTokens.Audience));
        operation = new RevokeToken(new Authorizer(new TokenAuthenticator(issuer, cache, TimeProvider.System)), cache);
    }

    public void Dispose() => tokens.Dispose();

    [Fact]
    public async Task A_token_for_all_projects_revokes_any_of_its_account()
    {
        Assert.Equal(201, await RevokeAsync("\"*\"", "other"));
        Assert.Equal(200, await RevokeAsync("\"*\"", "other"));

        Assert.True(await revoked.ContainsAsync(7, "other", CancellationToken.None));
    }

    [Theory]
    [InlineData("[\"demo\"]")]
    [InlineData("\"demo\"")]
    [InlineData("[]")]
    public async Task A_token_that_is_limited_to_projects_revokes_only_itself(string projects)
    {
        var refusal = await Assert.ThrowsAsync<ApiException>(() => RevokeAsync(projects, "other"));
        Assert.Equal((403, "project-forbidden"), (refusal.StatusCode, refusal.Code));
        Assert.False(await revoked.ContainsAsync(7, "other", CancellationToken.None));

        Assert.Equal(201, await RevokeAsync(projects, "own"));
        var late = await Assert.ThrowsAsync<ApiException>(() => RevokeAsync(projects, "own"));
        Assert.Equal((401, "token-revoked"), (late.StatusCode, late.Code));
    }

    [Fact]
    public async Task The_longest_token_id_that_is_accepted_can_be_revoked()
    {
        Assert.Equal(201, await RevokeAsync("\"*\"", new string('j', Caller.MaxTokenIdLength)));

        var refusal = await Assert.ThrowsAsync<ApiException>(() => RevokeAsync("\"*\"", new string('j', Caller.MaxTokenIdLength + 1)));
        Assert.Equal((412, "invalid-request"), (refusal.StatusCode, refusal.Code));
    }

    private async Task<int?> RevokeAsync(string projects, string tokenId)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers.Authorization = $"Bearer {tokens.Sign($"\"jti\":\"own\",\"account_id\":7,\"projects\":{projects},\"permissions\":[\"tokens.revoke\"]")}";
        http.Request.RouteValues["accountId"] = "7";
        http.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes($$"""{"tokenId":"{{tokenId}}"}"""));
        var result = await operation.Run(http.Request, CancellationToken.None);
        return ((IStatusCodeHttpResult)result).StatusCode;
    }
}
