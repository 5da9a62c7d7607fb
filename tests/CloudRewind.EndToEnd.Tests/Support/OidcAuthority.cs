using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CloudRewind.EndToEnd.Tests.Support;

/// <summary>An authority as small as one can be: a discovery document, and a key.</summary>
internal sealed class OidcAuthority : IAsyncDisposable
{
    private readonly WebApplication web;

    private OidcAuthority(WebApplication web) => this.web = web;

    /// <summary>Where it is, which is its issuer's name too.</summary>
    public Uri Address => new(web.Urls.Single());

    /// <summary>Issues tokens with the key that it publishes.</summary>
    public Tokens Tokens { get; private set; } = null!;

    /// <param name="address">Where to be; a free port where nothing is said.</param>
    /// <param name="tokens">The key to publish; a new one where nothing is said.</param>
    public static async Task<OidcAuthority> StartAsync(Uri? address = null, Tokens? tokens = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address?.OriginalString ?? "http://127.0.0.1:0");
        var authority = new OidcAuthority(builder.Build());
        authority.web.MapGet("/.well-known/openid-configuration", () => Results.Json(new
        {
            issuer = authority.Tokens.Issuer,
            jwks_uri = new Uri(authority.Address, "/keys"),
        }));
        authority.web.MapGet("/keys", () => Results.Text(authority.Tokens.Jwks, "application/json"));
        await authority.web.StartAsync();
        authority.Tokens = tokens ?? NewTokens(authority.Address);
        return authority;
    }

    /// <summary>Publishes a new key instead of the one that there was.</summary>
    public void Rotate() => Tokens = NewTokens(Address);

    public ValueTask DisposeAsync() => web.DisposeAsync();

    private static Tokens NewTokens(Uri address) => Tokens.WithNewKey(address.OriginalString, "cloud-rewind");
}
