using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using CloudRewind.Functions.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CloudRewind.Functions.Tests.Auth;

/// <summary>Access tokens with the claims that Entra ID issues, with the settings of docs/deploy.md. They have a <c>uti</c> and no <c>jti</c>.</summary>
public sealed class EntraTokenTests : IDisposable
{
    private const string Tenant = "aaaabbbb-0000-cccc-1111-dddd2222eeee";
    private const string Api = "00001111-aaaa-2222-bbbb-3333cccc4444";
    private const string IssuerV2 = $"https://login.microsoftonline.com/{Tenant}/v2.0";
    private const string IssuerV1 = $"https://sts.windows.net/{Tenant}/";

    private readonly SignedTokens tokens = new();
    private readonly InMemoryRevokedTokens revoked = new();
    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);

    public void Dispose() => tokens.Dispose();

    [Fact]
    public async Task A_token_of_an_application_is_accepted_and_its_app_roles_are_permissions()
    {
        var caller = await AcceptAsync(IssuerV2, Api, OfAnApplication(), new ClaimNames(Permissions: "roles"));

        Assert.Equal(("t7sDm1zHRUSe9xYqk1sLAA", 7), (caller.TokenId, caller.AccountId));
        caller.Require(Permissions.ReadProtections);
        caller.Require(Permissions.CreateProtections);
        caller.RequireProject("any");
        Assert.Equal(403, Assert.Throws<ApiException>(() => caller.Require(Permissions.WriteAssemblies)).StatusCode);
    }

    [Fact]
    public async Task A_token_of_a_user_has_its_scopes_as_permissions_where_the_setting_says_so()
    {
        var caller = await AcceptAsync(IssuerV2, Api, OfAUser(), new ClaimNames("extn_account", "extn_projects", "scp"));

        Assert.Equal(7, caller.AccountId);
        caller.Require(Permissions.ReadProtections);
        caller.Require(Permissions.ReadAssemblies);
        caller.RequireProject("demo");
        Assert.Equal(403, Assert.Throws<ApiException>(() => caller.Require(Permissions.PruneProtections)).StatusCode);
        Assert.Equal(403, Assert.Throws<ApiException>(() => caller.RequireProject("other")).StatusCode);
    }

    [Fact]
    public async Task A_token_of_version_1_names_the_other_issuer_and_the_application_id_URI()
    {
        var token = OfAnApplication().Replace("\"ver\":\"2.0\"", "\"ver\":\"1.0\"", StringComparison.Ordinal);

        Assert.Equal(7, (await AcceptAsync(IssuerV1, "api://cloud-rewind", token, new ClaimNames(Permissions: "roles"))).AccountId);
    }

    [Fact]
    public async Task A_token_is_revoked_by_its_uti()
    {
        await revoked.AddAsync(7, "t7sDm1zHRUSe9xYqk1sLAA");

        var refusal = await Assert.ThrowsAsync<ApiException>(() => AcceptAsync(IssuerV2, Api, OfAnApplication(), new ClaimNames(Permissions: "roles")));
        Assert.Equal((401, "token-revoked"), (refusal.StatusCode, refusal.Code));
    }

    [Fact]
    public async Task A_token_without_the_mapped_claim_is_refused_and_the_claim_is_named()
    {
        var token = OfAnApplication().Replace("\"account_id\":\"7\",", "", StringComparison.Ordinal);

        var refusal = await Assert.ThrowsAsync<ApiException>(() => AcceptAsync(IssuerV2, Api, token, new ClaimNames(Permissions: "roles")));
        Assert.Equal((401, "token-claims-invalid"), (refusal.StatusCode, refusal.Code));
        Assert.Contains("account_id", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"jti\":\"j\",\"uti\":\"u\"", "j")]
    [InlineData("\"uti\":\"u\"", "u")]
    public async Task A_jti_comes_before_a_uti(string ids, string expected)
    {
        var token = OfAnApplication().Replace("\"uti\":\"t7sDm1zHRUSe9xYqk1sLAA\"", ids, StringComparison.Ordinal);

        Assert.Equal(expected, (await AcceptAsync(IssuerV2, Api, token, new ClaimNames(Permissions: "roles"))).TokenId);
    }

    [Theory]
    [InlineData("\"uti\":5")]
    [InlineData("\"uti\":\"\"")]
    [InlineData("\"uti\":[\"u\"]")]
    [InlineData("\"jti\":\"\",\"uti\":\"u\"")]
    public async Task A_token_that_could_not_be_revoked_is_refused(string ids)
    {
        var token = OfAnApplication().Replace("\"uti\":\"t7sDm1zHRUSe9xYqk1sLAA\"", ids, StringComparison.Ordinal);

        var refusal = await Assert.ThrowsAsync<ApiException>(() => AcceptAsync(IssuerV2, Api, token, new ClaimNames(Permissions: "roles")));
        Assert.Equal((401, "token-id-invalid"), (refusal.StatusCode, refusal.Code));
    }

    // Client credentials: no user, and what the registration's policy maps is constant. Mapped claims are texts.
    private static string OfAnApplication() =>
        $$"""
        "aio":"k2RgYDhw4MDBAwcOHDhw4MCBAwA=","azp":"11112222-bbbb-3333-cccc-4444dddd5555","azpacr":"2","oid":"22223333-cccc-4444-dddd-5555eeee6666",
        "rh":"1.AXkAu7uqqgAAzMwREd3dIiLu7hEREQAAqqoiIru7MzPMzERE.","rio":"1.AXkAu7uqqgAAzMwR","roles":["aws-protections.read","aws-protections.create"],
        "sub":"22223333-cccc-4444-dddd-5555eeee6666","tid":"{{Tenant}}","account_id":"7","projects":"*","uti":"t7sDm1zHRUSe9xYqk1sLAA","ver":"2.0","xms_ftd":"b2JzY3VyZQ"
        """;

    private static string OfAUser() =>
        $$"""
        "aio":"AVQAq/8TAAAAb2JzY3VyZQ==","azp":"11112222-bbbb-3333-cccc-4444dddd5555","azpacr":"0","name":"A user","oid":"33334444-dddd-5555-eeee-6666ffff7777",
        "preferred_username":"user@example.com","rh":"1.AXkAu7uqqgAAzMwREd3dIiLu7hEREQAAqqoiIru7MzPMzERE.","scp":"aws-protections.read aws-assemblies.read",
        "sub":"b2JzY3VyZS1wYWlyd2lzZS1zdWJqZWN0","tid":"{{Tenant}}","extn_account":"7","extn_projects":["demo"],"uti":"t7sDm1zHRUSe9xYqk1sLAA","ver":"2.0"
        """;

    private async Task<Caller> AcceptAsync(string issuer, string audience, string claims, ClaimNames names)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var token = tokens.SignPayload($$"""{"aud":"{{audience}}","iss":"{{issuer}}","iat":{{now}},"nbf":{{now}},"exp":{{now + 3_900}},{{claims}}}""", "\"typ\":\"JWT\",\"kid\":\"1\"");
        using var trusted = new TrustedIssuer(new AuthOptions.ByKeys([tokens.PublicKey], issuer, audience) { Claims = names }, time, NullLogger<TrustedIssuer>.Instance);
        using var authenticator = new TokenAuthenticator(trusted, new RevocationCache(revoked, time), time);
        var http = new DefaultHttpContext();
        http.Request.Headers.Authorization = $"Bearer {token}";
        return await authenticator.AuthenticateAsync(http.Request, CancellationToken.None);
    }
}
