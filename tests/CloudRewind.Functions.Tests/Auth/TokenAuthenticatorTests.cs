using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using CloudRewind.Functions.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;

namespace CloudRewind.Functions.Tests.Auth;

/// <summary>Which tokens are accepted, down to the bytes of their claims. Signatures, issuers and lifetimes are tested end to end.</summary>
public sealed class TokenAuthenticatorTests : IDisposable
{
    private const string Valid = "\"jti\":\"1\",\"account_id\":7";

    private readonly SignedTokens tokens = new();
    private readonly InMemoryRevokedTokens revoked = new();
    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow); // the library goes by the machine's clock
    private readonly List<SecurityKey> trusted = [];
    private readonly TokenAuthenticator authenticator;

    public TokenAuthenticatorTests()
    {
        trusted.Add(tokens.PublicKey);
        authenticator = new TokenAuthenticator(
            new TrustedIssuer(new AuthOptions.ByKeys(trusted, SignedTokens.Issuer, SignedTokens.Audience), time, NullLogger<TrustedIssuer>.Instance), new RevocationCache(revoked, time), time);
    }

    public void Dispose()
    {
        authenticator.Dispose();
        tokens.Dispose();
    }

    [Fact]
    public async Task A_token_that_was_accepted_is_not_validated_again_for_half_a_minute()
    {
        var token = tokens.Sign(Valid);
        await AcceptAsync(token);
        trusted.Clear();

        time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(7, (await AcceptAsync(token)).AccountId);
        time.Advance(TimeSpan.FromSeconds(2));
        await IsRefusedAsync(token, "token-signature-invalid");
    }

    [Fact]
    public async Task A_token_is_remembered_no_longer_than_it_is_valid()
    {
        var expired = DateTimeOffset.UtcNow.AddSeconds(-15).ToUnixTimeSeconds(); // within the difference of clocks that is allowed for
        var token = tokens.SignPayload($$"""{"iss":"{{SignedTokens.Issuer}}","aud":"{{SignedTokens.Audience}}","sub":"tests","exp":{{expired}},{{Valid}}}""");
        await AcceptAsync(token);
        trusted.Clear();

        time.Advance(TimeSpan.FromSeconds(16));
        await IsRefusedAsync(token, "token-signature-invalid");
    }

    [Fact]
    public async Task A_token_that_differs_in_one_letter_of_its_signature_is_another()
    {
        var token = tokens.Sign(Valid);
        await AcceptAsync(token);

        await IsRefusedAsync(token[..^2] + (token[^2] == 'A' ? 'B' : 'A') + token[^1], "token-signature-invalid");
    }

    [Fact]
    public async Task A_remembered_token_that_is_revoked_is_refused_as_soon_as_that_is_known()
    {
        var token = tokens.Sign(Valid);
        await AcceptAsync(token);
        await revoked.AddAsync(7, "1");

        time.Advance(TimeSpan.FromSeconds(29));
        await AcceptAsync(token);
        time.Advance(TimeSpan.FromSeconds(2));
        await IsRefusedAsync(token, "token-revoked");
    }

    [Fact]
    public async Task A_valid_token_says_who_the_caller_is()
    {
        var caller = await AcceptAsync(tokens.Sign("\"jti\":\"a/b\",\"account_id\":7,\"projects\":\"*\""));

        Assert.Equal((7, "a/b"), (caller.AccountId, caller.TokenId));
        caller.RequireProject("any");
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("\"1\"", 1)]
    [InlineData("\"9223372036854775807\"", long.MaxValue)]
    public async Task An_account_id_is_an_integer_or_a_string_of_digits(string json, long accountId) =>
        Assert.Equal(accountId, (await AcceptAsync(tokens.Sign($"\"jti\":\"1\",\"account_id\":{json}"))).AccountId);

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.0")]
    [InlineData("1e0")]
    [InlineData("9223372036854775808")]
    [InlineData("1e400")]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("[\"1\"]")]
    [InlineData("[1,2]")]
    [InlineData("{\"id\":1}")]
    [InlineData("\"\"")]
    [InlineData("\" 1\"")]
    [InlineData("\"1 \"")]
    [InlineData("\"+1\"")]
    [InlineData("\"-1\"")]
    [InlineData("\"1.0\"")]
    [InlineData("\"1\\u0000\"")]
    [InlineData("\"\\u0661\"")]
    [InlineData("\"9223372036854775808\"")]
    public async Task Any_other_account_id_is_refused(string json) =>
        await IsRefusedAsync(tokens.Sign($"\"jti\":\"1\",\"account_id\":{json}"), "token-claims-invalid");

    [Theory]
    [InlineData("\"sub2\":1")]
    [InlineData("\"jti\":null")]
    [InlineData("\"jti\":\"\"")]
    [InlineData("\"jti\":\" \"")]
    public async Task A_token_that_could_not_be_revoked_is_refused(string jti) =>
        await IsRefusedAsync(tokens.Sign($"{jti},\"account_id\":7"), "token-id-invalid");

    [Fact]
    public async Task A_token_id_is_as_long_as_one_that_can_be_revoked()
    {
        var longest = new string('j', Caller.MaxTokenIdLength);

        Assert.Equal(longest, (await AcceptAsync(tokens.Sign($"\"jti\":\"{longest}\",\"account_id\":7"))).TokenId);
        await IsRefusedAsync(tokens.Sign($"\"jti\":\"{longest}j\",\"account_id\":7"), "token-id-invalid");
    }

    [Fact]
    public async Task A_revoked_token_is_refused()
    {
        await revoked.AddAsync(7, "1");

        await IsRefusedAsync(tokens.Sign(Valid), "token-revoked");
    }

    // RFC 7515, 4.1.11: a critical extension that is not understood makes the token invalid, and none is understood here.
    [Theory]
    [InlineData("\"crit\":[\"exp\"],\"exp\":1")]
    [InlineData("\"crit\":[\"b64\"],\"b64\":true")]
    [InlineData("\"crit\":[\"https://example.com/unknown\"]")]
    [InlineData("\"crit\":[]")]
    [InlineData("\"crit\":null")]
    [InlineData("\"crit\":\"exp\"")]
    public async Task A_token_with_critical_extensions_is_refused(string header) =>
        await IsRefusedAsync(tokens.Sign(Valid, header), "token-header-refused");

    [Theory]
    [InlineData("\"kid\":\"1\"")]
    [InlineData("\"typ\":\"JWT\"")]
    [InlineData("\"typ\":\"jwt\"")]
    [InlineData("\"typ\":\"at+jwt\"")]
    [InlineData("\"typ\":\"application/at+jwt\"")]
    public async Task An_access_token_is_accepted(string header) => Assert.Equal(7, (await AcceptAsync(tokens.Sign(Valid, header))).AccountId);

    // RFC 8725, 3.11: what the same issuer signs for another purpose is no access token.
    [Theory]
    [InlineData("\"typ\":\"logout+jwt\"")]
    [InlineData("\"typ\":\"dpop+jwt\"")]
    [InlineData("\"typ\":\"secevent+jwt\"")]
    public async Task A_token_of_another_type_is_refused(string header) => await IsRefusedAsync(tokens.Sign(Valid, header), "token-header-refused");

    [Theory]
    [InlineData("not JSON")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    [InlineData("{\"account_id\":")]
    public async Task A_payload_that_is_no_JSON_object_is_refused(string payload) => await IsRefusedAsync(tokens.SignPayload(payload), "token-malformed");

    [Theory]
    [InlineData("\"jti\":5")]
    [InlineData("\"jti\":true")]
    [InlineData("\"jti\":[\"a\"]")]
    [InlineData("\"jti\":{\"a\":1}")]
    [InlineData("\"jti\":\"\\ud800\"")]
    public async Task A_token_id_that_is_no_text_is_refused(string jti) => await IsRefusedAsync(tokens.Sign($"{jti},\"account_id\":7"), "token-malformed");

    // The year 9999 ends with 253402300799.
    [Theory]
    [InlineData("253402300800")]
    [InlineData("253402300799.5")]
    [InlineData("9223372036854775807")]
    [InlineData("1e18")]
    [InlineData("-1")]
    [InlineData("-0.5")]
    [InlineData("-9223372036854775808")]
    [InlineData("\"253402300799\"")]
    [InlineData("99999999999999999999", "token-malformed")]
    [InlineData("1e400", "token-malformed")]
    [InlineData("\"never\"", "token-malformed")]
    [InlineData("\"\\ud800\"", "token-malformed")]
    [InlineData("true", "token-malformed")]
    [InlineData("null", "token-malformed")]
    [InlineData("[1]", "token-malformed")]
    [InlineData("{}", "token-malformed")]
    public async Task A_date_that_is_none_is_refused(string value, string code = "token-claims-invalid")
    {
        foreach (var name in new[] { "exp", "nbf", "iat" })
            await IsRefusedAsync(tokens.SignPayload(With(name, value)), code);
    }

    [Theory]
    [InlineData("exp", "253402300799")]
    [InlineData("exp", "253402300799.0")]
    [InlineData("exp", "2e11")]
    [InlineData("nbf", "0")]
    [InlineData("nbf", "1.5")]
    [InlineData("iat", "0")]
    [InlineData("iat", "253402300799")]
    public async Task A_date_at_its_limits_is_accepted(string name, string value) => Assert.Equal(7, (await AcceptAsync(tokens.SignPayload(With(name, value)))).AccountId);

    [Theory]
    [InlineData("exp", "0", "token-expired")]
    [InlineData("exp", "1.5", "token-expired")]
    [InlineData("nbf", "253402300799", "token-not-yet-valid")]
    [InlineData("nbf", "253402300798.5", "token-not-yet-valid")]
    public async Task A_date_that_rules_the_token_out_says_so(string name, string value, string code) => await IsRefusedAsync(tokens.SignPayload(With(name, value)), code);

    [Theory]
    [InlineData("\"iss\":[1]")]
    [InlineData("\"iss\":\"\\ud800\"")]
    [InlineData("\"aud\":{}")]
    [InlineData("\"sub\":\"\\ud800\"")]
    [InlineData("\"sub\":[]")]
    [InlineData("\"projects\":\"\\ud800\"")]
    [InlineData("\"account_id\":\"\\ud800\"")]
    [InlineData("\"permissions\":[{\"a\":\"\\ud800\"}]")]
    [InlineData("\"\\ud800\":1")]
    public async Task A_strange_claim_makes_no_server_error(string claim)
    {
        try
        {
            await AuthenticateAsync($"Bearer {tokens.Sign($"{Valid},{claim}")}");
        }
        catch (ApiException refusal)
        {
            Assert.Equal(401, refusal.StatusCode);
        }
    }

    [Theory]
    [InlineData("alg\":5,\"x")]
    [InlineData("alg\":null,\"x")]
    [InlineData("alg\":[\"ES256\"],\"x")]
    [InlineData("kid\":5,\"x")]
    [InlineData("kid\":\"\\ud800\",\"x")]
    [InlineData("x5t\":{},\"x")]
    [InlineData("\\ud800")]
    public async Task A_strange_header_makes_no_server_error(string member)
    {
        try
        {
            await AuthenticateAsync($"Bearer {tokens.Sign(Valid, $"\"{member}\":1")}");
        }
        catch (ApiException refusal)
        {
            Assert.Equal(401, refusal.StatusCode);
        }
    }

    [Theory]
    [InlineData("\"cloud-rewind/\"")]
    [InlineData("\"Cloud-Rewind\"")]
    [InlineData("[\"other\",\"cloud-rewind/\"]")]
    public async Task An_audience_that_only_resembles_ours_is_refused(string audience) =>
        await IsRefusedAsync(tokens.Sign($"{Valid},\"aud\":{audience}"), "token-audience-refused");

    [Fact]
    public async Task Deeply_nested_claims_make_no_server_error() =>
        await IsRefusedAsync(tokens.Sign($"{Valid},\"deep\":{new string('[', 4_000)}{new string(']', 4_000)}"), "token-malformed");

    [Fact]
    public async Task The_scheme_may_be_written_in_any_case()
    {
        var token = tokens.Sign(Valid);

        Assert.Equal(7, (await AuthenticateAsync($"bearer {token}")).AccountId);
        Assert.Equal(7, (await AuthenticateAsync($"BEARER  {token} ")).AccountId);
    }

    [Fact]
    public async Task Several_tokens_at_once_are_refused()
    {
        var bearer = $"Bearer {tokens.Sign(Valid)}";

        await IsRefusedAsync(() => AuthenticateAsync(bearer, bearer), "token-malformed");
        await IsRefusedAsync(() => AuthenticateAsync($"{bearer}, {bearer}"), "token-malformed");
        await IsRefusedAsync(() => AuthenticateAsync(bearer, "Basic dXNlcjpwYXNzd29yZA=="), "token-malformed");
    }

    // A payload that is valid but for one date.
    private static string With(string name, string value)
    {
        var expires = name == "exp" ? value : $"{DateTimeOffset.MaxValue.ToUnixTimeSeconds()}";
        var other = name == "exp" ? "" : $",\"{name}\":{value}";
        return $$"""{"iss":"{{SignedTokens.Issuer}}","aud":"{{SignedTokens.Audience}}","sub":"tests",{{Valid}},"exp":{{expires}}{{other}}}""";
    }

    private Task<Caller> AcceptAsync(string token) => AuthenticateAsync($"Bearer {token}");

    private Task IsRefusedAsync(string token, string code) => IsRefusedAsync(() => AuthenticateAsync($"Bearer {token}"), code);

    private static async Task IsRefusedAsync(Func<Task<Caller>> authenticate, string code)
    {
        var refusal = await Assert.ThrowsAsync<ApiException>(authenticate);
        Assert.Equal((401, code), (refusal.StatusCode, refusal.Code));
    }

    private Task<Caller> AuthenticateAsync(params string[] authorization)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers.Authorization = authorization;
        return authenticator.AuthenticateAsync(http.Request, CancellationToken.None);
    }
}
