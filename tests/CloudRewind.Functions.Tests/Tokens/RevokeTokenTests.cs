using System.Text;
using System.Text.Json;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using CloudRewind.Functions.Tests.Auth;
using CloudRewind.Functions.Tests.Support;
using CloudRewind.Functions.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CloudRewind.Functions.Tests.Tokens;

public sealed class RevokeTokenTests : IDisposable
{
    private readonly SignedTokens tokens = new();
    private readonly InMemoryRevokedTokens revoked = new();
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 24, 17, 11, 51, TimeSpan.Zero));
    private readonly CollectedLog<RevokeToken> log = new();
    private readonly TokenAuthenticator authenticator;
    private readonly RevokeToken operation;
    private readonly ListRevokedTokens list;

    public RevokeTokenTests()
    {
        var cache = new RevocationCache(revoked, new FakeTimeProvider());
        var issuer = new TrustedIssuer(new AuthOptions.ByKeys([tokens.PublicKey], SignedTokens.Issuer, SignedTokens.Audience), TimeProvider.System, NullLogger<TrustedIssuer>.Instance);
        authenticator = new TokenAuthenticator(issuer, cache, TimeProvider.System);
        operation = new RevokeToken(cache, time, log);
        list = new ListRevokedTokens(revoked);
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

    [Theory]
    [InlineData("TOKEN")]
    [InlineData("Bearer TOKEN")]
    [InlineData("bearer TOKEN")]
    [InlineData("Authorization: Bearer TOKEN")]
    [InlineData("  TOKEN\\n")]
    public async Task A_token_that_is_pasted_is_refused_with_its_id_and_neither_repeated_nor_stored(string text)
    {
        var pasted = tokens.Sign("\"jti\":\"lost\",\"account_id\":7,\"filler\":\"" + new string('f', 2_000) + "\"");

        var refusal = await Assert.ThrowsAsync<ApiException>(() => RevokeAsync("\"*\"", text.Replace("TOKEN", pasted, StringComparison.Ordinal)));

        Assert.Equal((412, "invalid-request"), (refusal.StatusCode, refusal.Code));
        Assert.Contains("tokenId: Send the token's jti, not the token. It is 'lost'.", refusal.Message, StringComparison.Ordinal);
        Assert.All(pasted.Split('.'), part => Assert.DoesNotContain(part[..20], refusal.Message, StringComparison.Ordinal));
        Assert.Empty((await revoked.ListAsync(7, 0, 10, CancellationToken.None)).Items);
        Assert.Empty(log.Lines);
    }

    [Fact]
    public async Task An_Entra_token_that_is_pasted_is_refused_with_its_uti()
    {
        var refusal = await Assert.ThrowsAsync<ApiException>(() => RevokeAsync("\"*\"", tokens.Sign("\"uti\":\"lost-uti\"")));

        Assert.Contains("It is 'lost-uti'.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_without_an_id_and_a_token_in_the_reason_are_refused_too()
    {
        Assert.Contains(
            "It has none.", (await Assert.ThrowsAsync<ApiException>(() => RevokeAsync("\"*\"", tokens.Sign("\"a\":1")))).Message, StringComparison.Ordinal);
        Assert.Contains(
            "reason: It holds a token",
            (await Assert.ThrowsAsync<ApiException>(() => RevokeAsync("\"*\"", "other", $"I lost {tokens.Sign("\"a\":1")} on a train"))).Message,
            StringComparison.Ordinal);
        Assert.Contains("Authorization header", (await Assert.ThrowsAsync<ApiException>(() => RevokeAsync("\"*\"", "Bearer abc"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.b.c")]
    [InlineData("eyes.of.blue")]
    [InlineData("https://issuer.example.com/tokens/1.2.3")]
    [InlineData("e30")]
    [InlineData("MQ.MQ.MQ")]
    public async Task An_id_with_dots_is_no_token(string tokenId) => Assert.Equal(201, await RevokeAsync("\"*\"", tokenId));

    [Fact]
    public async Task A_revocation_is_on_record_with_who_when_and_why_and_logged_once()
    {
        await RevokeAsync("\"*\"", "other", "left on a train");
        time.Advance(TimeSpan.FromHours(1));
        await RevokeAsync("\"*\"", "other", "again");

        var listed = Assert.Single((await revoked.ListAsync(7, 0, 10, CancellationToken.None)).Items);
        Assert.Equal(
            ("other", "left on a train", time.GetUtcNow().AddHours(-1), "tests", "own"), (listed.TokenId, listed.Reason, listed.At, listed.By.Name, listed.By.TokenId));
        Assert.Equal("TokenRevoked", Assert.Single(log.Events).Name);
    }

    [Fact]
    public async Task Revoked_tokens_are_listed_for_their_account_to_a_token_for_all_its_projects()
    {
        await RevokeAsync("\"*\"", "other", "left on a train");
        await revoked.AddAsync(8, "another");

        var http = Request("\"*\"");
        await (await ListAsync(http)).ExecuteAsync(http);

        Assert.Equal("items 1-1/1", http.Response.Headers.ContentRange);
        http.Response.Body.Position = 0;
        var item = Assert.Single(JsonDocument.Parse(http.Response.Body).RootElement.EnumerateArray());
        Assert.Equal(
            ("other", "left on a train", "2026-11-24T17:11:51Z", "tests", "own"),
            (item.GetProperty("tokenId").GetString(), item.GetProperty("reason").GetString(), item.GetProperty("at").GetString(),
                item.GetProperty("by").GetProperty("actor").GetString(), item.GetProperty("by").GetProperty("tokenId").GetString()));
        var refusal = await Assert.ThrowsAsync<ApiException>(() => ListAsync(Request("[\"demo\"]")));
        Assert.Equal((403, "project-forbidden"), (refusal.StatusCode, refusal.Code));
    }

    private async Task<int?> RevokeAsync(string projects, string tokenId, string? reason = null)
    {
        var http = Request(projects);
        http.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes($$"""{"tokenId":"{{tokenId}}","reason":{{JsonSerializer.Serialize(reason)}}}"""));
        var result = await http.AuthorizedAsync(authenticator, nameof(RevokeToken), () => operation.Run(http.Request, CancellationToken.None));
        return ((IStatusCodeHttpResult)result).StatusCode;
    }

    private Task<IResult> ListAsync(DefaultHttpContext http) =>
        http.AuthorizedAsync(authenticator, nameof(ListRevokedTokens), () => list.Run(http.Request, CancellationToken.None));

    private DefaultHttpContext Request(string projects)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers.Authorization = $"Bearer {tokens.Sign($"\"jti\":\"own\",\"account_id\":7,\"projects\":{projects},\"permissions\":[\"tokens.revoke\"]")}";
        http.Request.Path = "/api/v1/accounts/7/revoked-tokens";
        http.Request.RouteValues["accountId"] = "7";
        http.Response.Body = new MemoryStream();
        return http;
    }
}
