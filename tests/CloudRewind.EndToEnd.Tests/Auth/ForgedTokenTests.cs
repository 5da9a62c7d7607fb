using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace CloudRewind.EndToEnd.Tests.Auth;

/// <summary>Tokens that must not be accepted, each refused with a code of its own.</summary>
public sealed class ForgedTokenTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private readonly App app = fixture.App;

    [Fact]
    public async Task A_token_that_is_as_it_must_be_is_accepted() =>
        (await AskAsync(Claims())).IsRefused(404, "protection-not-found");

    [Fact]
    public async Task Missing()
    {
        var answer = await AskAsync((string?)null);

        answer.IsRefused(401, "token-missing");
        Assert.Equal("Bearer", answer.Header("WWW-Authenticate"));
    }

    [Theory]
    [InlineData("Bearer not-a-token")]
    [InlineData("Bearer a.b.c")]
    [InlineData("Bearer ")]
    [InlineData("Basic dXNlcjpwYXNzd29yZA==")]
    [InlineData("Negotiate")]
    public async Task Malformed(string authorization)
    {
        var client = app.NewAssembly().With((string?)null);

        IsRefused(await client.StatusAsync(client.Address.ProtectionId(), ("Authorization", authorization)), "token-malformed");
    }

    [Fact]
    public async Task Two_tokens_at_once()
    {
        var client = app.NewAssembly();

        IsRefused(await client.StatusAsync(client.Address.ProtectionId(), ("Authorization", $"Bearer {client.Token}")), "token-malformed");
    }

    [Fact]
    public async Task Longer_than_any_token_is() =>
        IsRefused(await AskAsync(Claims() with { Subject = new string('s', 20_000) }), "token-malformed");

    [Fact]
    public async Task Expired() =>
        IsRefused(await AskAsync(Claims() with { NotBefore = DateTime.UtcNow.AddHours(-2), Expires = DateTime.UtcNow.AddHours(-1) }), "token-expired");

    [Fact]
    public async Task Without_an_end() => IsRefused(await AskAsync(Claims() with { Expires = null }), "token-expired");

    [Fact]
    public async Task Not_yet_valid() =>
        IsRefused(await AskAsync(Claims() with { NotBefore = DateTime.UtcNow.AddMinutes(30) }), "token-not-yet-valid");

    [Fact]
    public async Task Of_another_issuer() =>
        IsRefused(await AskAsync(Claims() with { Issuer = "https://other.example.com" }), "token-issuer-refused");

    [Fact]
    public async Task For_another_audience() => IsRefused(await AskAsync(Claims() with { Audience = "other" }), "token-audience-refused");

    [Fact]
    public async Task Signed_with_another_key_of_the_same_name() =>
        IsRefused(await AskAsync(Claims() with { Signature = app.Tokens.WithAnotherKey().Signature }), "token-signature-invalid");

    [Fact]
    public async Task Signed_with_a_key_of_an_unknown_name() =>
        IsRefused(await AskAsync(Claims() with { Signature = Tokens.WithNewKey("", "").Signature }), "token-signature-invalid");

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("nOnE")]
    public async Task With_the_algorithm_none(string algorithm)
    {
        var (header, payload, _) = Parts(app.Tokens.Issue(Claims()));
        header["alg"] = algorithm;

        IsRefused(await AskAsync($"{Encode(header)}.{Encode(payload)}."), "token-algorithm-refused");
    }

    [Fact]
    public async Task With_the_algorithm_none_and_the_signature_of_a_good_token()
    {
        var (header, payload, signature) = Parts(app.Tokens.Issue(Claims()));
        header["alg"] = "none";

        IsRefused(await AskAsync($"{Encode(header)}.{Encode(payload)}.{signature}"), "token-algorithm-refused");
    }

    [Fact]
    public async Task With_an_HMAC_that_is_made_with_the_public_key()
    {
        var known = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(app.Tokens.PublicPem())) { KeyId = app.Tokens.Signature.Kid };

        IsRefused(
            await AskAsync(Claims() with { Signature = new SigningCredentials(known, SecurityAlgorithms.HmacSha256) }), "token-algorithm-refused");
    }

    [Fact]
    public async Task With_a_payload_that_was_changed_after_it_was_signed()
    {
        var victim = app.NewAssembly();
        var (header, payload, signature) = Parts(app.NewAssembly().Token!);
        payload["account_id"] = victim.Address.AccountId;

        IsRefused(
            await victim.With($"{Encode(header)}.{Encode(payload)}.{signature}").StatusAsync(victim.Address.ProtectionId()), "token-signature-invalid");
    }

    [Fact]
    public async Task Without_its_signature()
    {
        var token = app.Tokens.Issue(Claims());

        IsRefused(await AskAsync(token[..(token.LastIndexOf('.') + 1)]), "token-signature-invalid");
    }

    [Fact]
    public async Task With_a_key_of_its_own_in_its_header()
    {
        var own = app.Tokens.WithAnotherKey();

        IsRefused(
            await AskAsync(Claims() with { Signature = own.Signature, Header = new() { ["jwk"] = own.PublicMembers } }), "token-signature-invalid");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(null)]
    public async Task With_an_empty_subject(string? subject) =>
        IsRefused(await AskAsync(Claims() with { Subject = subject }), "token-subject-missing");

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public async Task Without_an_id(string? id) => IsRefused(await AskAsync(Claims() with { Id = id }), "token-id-invalid");

    [Fact]
    public async Task With_an_id_that_is_too_long_to_be_revoked() =>
        IsRefused(await AskAsync(Claims() with { Id = new string('j', 1_025) }), "token-id-invalid");

    [Fact]
    public async Task With_a_critical_extension() =>
        IsRefused(await AskAsync(Claims() with { Header = new() { ["crit"] = new[] { "https://example.com/unknown" } } }), "token-header-refused");

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("one")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("9223372036854775808")]
    public async Task For_no_account(string? accountId) =>
        IsRefused(await AskAsync(Claims() with { AccountId = accountId }), "token-claims-invalid");

    [Fact]
    public async Task For_more_accounts_than_one() =>
        IsRefused(await AskAsync(Claims() with { AccountId = new long[] { 1, 2 } }), "token-claims-invalid");

    [Fact]
    public async Task Revoked()
    {
        var client = app.NewAssembly();
        var claims = new TokenClaims { AccountId = client.Address.AccountId, Id = "a/b#c?" + Guid.NewGuid() };
        await app.Tables.RevokeAsync(client.Address.AccountId, claims.Id);

        IsRefused(await client.With(claims).StatusAsync(client.Address.ProtectionId()), "token-revoked");
    }

    [Fact]
    public async Task Another_token_of_an_account_stays_good_when_one_is_revoked()
    {
        var client = app.NewAssembly();
        await app.Tables.RevokeAsync(client.Address.AccountId, Guid.NewGuid().ToString("N"));

        (await client.StatusAsync(client.Address.ProtectionId())).IsRefused(404, "protection-not-found");
    }

    // For the account that the path names, so that nothing but the token itself is wrong.
    private TokenClaims Claims() => new() { AccountId = Account.AccountId };

    private AssemblyAddress Account { get; } = AssemblyAddress.New();

    private Task<Answer> AskAsync(TokenClaims claims) => AskAsync(app.Tokens.Issue(claims));

    private Task<Answer> AskAsync(string? token) => app.NewAssembly().At(Account).With(token).StatusAsync(Account.ProtectionId());

    private static void IsRefused(Answer answer, string code)
    {
        answer.IsRefused(401, code);
        Assert.StartsWith("Bearer error=\"invalid_token\", error_description=\"", answer.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }

    private static (JsonObject Header, JsonObject Payload, string Signature) Parts(string token)
    {
        var parts = token.Split('.');
        return (Decode(parts[0]), Decode(parts[1]), parts[2]);
    }

    private static JsonObject Decode(string part) => JsonNode.Parse(Base64UrlEncoder.Decode(part))!.AsObject();

    private static string Encode(JsonObject json) => Base64UrlEncoder.Encode(json.ToJsonString());
}
