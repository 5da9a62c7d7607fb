using System.Net;
using System.Net.Sockets;
using CloudRewind.TestSupport;

namespace CloudRewind.EndToEnd.Tests.Security;

/// <summary>Tokens of an OIDC authority, which publishes its keys and changes them.</summary>
public sealed class AuthorityTests
{
    [OwnProcessFact]
    public async Task A_token_of_the_authority_is_accepted_and_others_are_not()
    {
        await using var authority = await OidcAuthority.StartAsync();
        await using var app = await StartAsync(authority.Address);
        var client = app.NewAssembly();

        (await AskAsync(client, authority.Tokens)).IsRefused(404, "protection-not-found");
        (await AskAsync(client, authority.Tokens.WithAnotherKey())).IsRefused(401, "token-signature-invalid");
        (await AskAsync(client, Tokens.WithNewKey(authority.Tokens.Issuer, authority.Tokens.Audience))).IsRefused(401, "token-signature-invalid");
    }

    [OwnProcessFact]
    public async Task A_token_that_names_another_issuer_than_the_authority_is_refused()
    {
        await using var authority = await OidcAuthority.StartAsync();
        await using var app = await StartAsync(authority.Address);
        var client = app.NewAssembly();
        var claims = new TokenClaims { AccountId = client.Address.AccountId, Issuer = "https://other.example.com" };

        (await client.With(authority.Tokens.Issue(claims)).StatusAsync(client.Address.ProtectionId())).IsRefused(401, "token-issuer-refused");
    }

    [OwnProcessFact]
    public async Task A_key_that_the_authority_publishes_later_is_picked_up()
    {
        await using var authority = await OidcAuthority.StartAsync();
        await using var app = await StartAsync(authority.Address);
        var client = app.NewAssembly();
        (await AskAsync(client, authority.Tokens)).IsRefused(404, "protection-not-found");

        authority.Rotate();

        await Eventually.GetAsync(() => AskAsync(client, authority.Tokens), answer => answer.Status == 404, "the new key to be accepted");
    }

    [OwnProcessFact]
    public async Task An_authority_that_is_down_keeps_the_app_from_judging_tokens_and_from_nothing_else()
    {
        var address = UnusedAddress();
        await using var app = await StartAsync(address);
        var client = app.NewAssembly();
        var tokens = Tokens.WithNewKey(address.OriginalString, "cloud-rewind");

        Assert.Equal(200, (await client.GetAsync("/api/health/ready")).Status);
        var answer = await AskAsync(client, tokens);
        answer.IsRefused(500, "authority-unavailable");
        Assert.True(int.Parse(answer.Header("Retry-After")!) > 0);

        await using var authority = await OidcAuthority.StartAsync(address, tokens);
        await Eventually.GetAsync(() => AskAsync(client, tokens), answer => answer.Status == 404, "the authority's key to be accepted");
    }

    // Where there is an authority, its address is not encrypted here: that is for Development only.
    private static Task<App> StartAsync(Uri authority) => App.StartAsync(
        ("AZURE_FUNCTIONS_ENVIRONMENT", "Development"), ("Auth__Authority", authority.OriginalString), ("Auth__Jwks", ""), ("Auth__Issuer", ""));

    private static Task<Answer> AskAsync(ApiClient client, Tokens tokens) =>
        client.With(tokens.Issue(new TokenClaims { AccountId = client.Address.AccountId })).StatusAsync(client.Address.ProtectionId());

    private static Uri UnusedAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }
}
