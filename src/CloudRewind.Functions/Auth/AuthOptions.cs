using CloudRewind.Functions.Settings;
using Microsoft.IdentityModel.Tokens;

namespace CloudRewind.Functions.Auth;

/// <summary>Whose tokens are trusted: those of an OIDC authority, or those signed with a key of a set.</summary>
/// <param name="Audience">The audience that a token must be for.</param>
public abstract record AuthOptions(string Audience)
{
    private const int MinRsaBits = 2_048; // RFC 7518, 3.3

    /// <summary>What the claims are called that the app reads.</summary>
    public ClaimNames Claims { get; init; } = new();

    /// <summary>The keys and the issuer are what the authority publishes.</summary>
    /// <param name="Authority">The authority; its discovery document is at <c>/.well-known/openid-configuration</c> below it.</param>
    /// <param name="Audience">The audience that a token must be for.</param>
    public sealed record ByAuthority(Uri Authority, string Audience) : AuthOptions(Audience);

    /// <summary>The keys and the issuer are given.</summary>
    /// <param name="Keys">Public keys, each asymmetric.</param>
    /// <param name="Issuer">The issuer that a token must name.</param>
    /// <param name="Audience">The audience that a token must be for.</param>
    public sealed record ByKeys(IReadOnlyList<SecurityKey> Keys, string Issuer, string Audience) : AuthOptions(Audience);

    internal static AuthOptions? Read(SettingsReader reader)
    {
        const string AuthorityName = "Auth__Authority", AudienceName = "Auth__Audience", JwksName = "Auth__Jwks", IssuerName = "Auth__Issuer";
        var hasAuthority = reader.Text(AuthorityName) is not null;
        var authority = reader.Address(AuthorityName);
        var jwks = reader.Text(JwksName);
        var issuer = reader.Text(IssuerName);
        var audience = reader.Text(AudienceName);

        if (hasAuthority && jwks is not null)
            reader.Error($"{AuthorityName} and {JwksName} are both set; only one of them may be.");
        if (!hasAuthority && jwks is null)
            reader.Error($"{AuthorityName} and {JwksName} are both missing; one of them must say whose tokens to trust.");
        if (hasAuthority && jwks is null && issuer is not null)
            reader.Error($"{IssuerName} is set beside {AuthorityName}, which says itself what its issuer is; it goes with {JwksName} only.");
        if (authority is { Scheme: "http", IsLoopback: false })
            reader.Error($"{AuthorityName} is '{authority}'; it must begin with https:// (http:// is only for an authority on this machine, such as http://localhost:5000).");
        if (jwks is not null && issuer is null)
            reader.Error($"{IssuerName} is missing; with {JwksName} it must be the issuer that tokens name.");
        if (audience is null)
            reader.Error($"{AudienceName} is missing; it must be the audience that tokens are issued for.");

        var keys = jwks is null ? [] : ReadKeys(reader, JwksName, jwks);
        var claims = ClaimNames.Read(reader);
        if (audience is null)
            return null;
        return authority is not null ? new ByAuthority(authority, audience) { Claims = claims }
            : issuer is not null ? new ByKeys(keys, issuer, audience) { Claims = claims }
            : null;
    }

    private static List<SecurityKey> ReadKeys(SettingsReader reader, string name, string json)
    {
        List<SecurityKey> keys = [];
        try
        {
            foreach (var key in new JsonWebKeySet(json).Keys)
            {
                if (key.Kty is not (JsonWebAlgorithmsKeyTypes.RSA or JsonWebAlgorithmsKeyTypes.EllipticCurve))
                    reader.Error($"{name} holds a key of type '{key.Kty}'; each must be a public key of type 'RSA' or 'EC'.");
                else if (key.HasPrivateKey)
                    reader.Error($"{name} holds a private key; it must hold public keys only.");
                else if (!JsonWebKeyConverter.TryConvertToSecurityKey(key, out var converted))
                    reader.Error($"{name} holds the key '{key.Kid}', which is not complete; it must be a public key of type 'RSA' (n, e) or 'EC' (crv, x, y).");
                else if (converted is RsaSecurityKey { KeySize: < MinRsaBits })
                    reader.Error($"{name} holds the RSA key '{key.Kid}' of {converted.KeySize} bits; it must have at least {MinRsaBits}.");
                else
                    keys.Add(converted);
            }

            if (keys.Count == 0)
                reader.Error($"{name} holds no key that can be used; it must be a JWK set with at least one public key.");
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            reader.Error($"{name} is not a JWK set; it must be JSON such as {{\"keys\":[{{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"...\",\"y\":\"...\"}}]}}.");
        }

        return keys;
    }
}
