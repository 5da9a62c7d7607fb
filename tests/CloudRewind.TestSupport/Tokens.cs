using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CloudRewind.TestSupport;

/// <summary>Issues tokens as the authority that the app trusts would.</summary>
public sealed class Tokens(JsonWebKey key, string issuer, string audience)
{
    public static readonly string[] EveryPermission =
        ["aws-protections.read", "aws-protections.create", "aws-protections.prune", "aws-assemblies.read", "aws-assemblies.write", "aws-policies.read", "aws-policies.write", "tokens.revoke"];

    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    public string Issuer => issuer;

    public string Audience => audience;

    /// <summary>What a token is signed with where a test says nothing else.</summary>
    public SigningCredentials Signature => new(key, key.Kty == JsonWebAlgorithmsKeyTypes.RSA
        ? SecurityAlgorithms.RsaSha256
        : key.Crv switch { "P-384" => SecurityAlgorithms.EcdsaSha384, "P-521" => SecurityAlgorithms.EcdsaSha512, _ => SecurityAlgorithms.EcdsaSha256 });

    /// <summary>The public key, as a JWK set.</summary>
    public string Jwks => JsonSerializer.Serialize(new { keys = new[] { PublicMembers } });

    /// <summary>The members of the public key, as a JWK.</summary>
    public Dictionary<string, string> PublicMembers => new (string Name, string? Value)[]
    {
        ("kty", key.Kty), ("kid", key.Kid), ("crv", key.Crv), ("x", key.X), ("y", key.Y), ("n", key.N), ("e", key.E),
    }.Where(member => member.Value is not null).ToDictionary(member => member.Name, member => member.Value!);

    /// <summary>With a key that is made now and never stored.</summary>
    public static Tokens WithNewKey(string issuer, string audience, string? keyId = null)
    {
        using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var parts = made.ExportParameters(includePrivateParameters: true);
        return new Tokens(
            new JsonWebKey
            {
                Kty = JsonWebAlgorithmsKeyTypes.EllipticCurve,
                Kid = keyId ?? Guid.NewGuid().ToString("N"),
                Crv = JsonWebKeyECTypes.P256,
                X = Base64UrlEncoder.Encode(parts.Q.X),
                Y = Base64UrlEncoder.Encode(parts.Q.Y),
                D = Base64UrlEncoder.Encode(parts.D),
            },
            issuer,
            audience);
    }

    /// <summary>Others of the same issuer and audience, with another key under the same name.</summary>
    public Tokens WithAnotherKey() => WithNewKey(issuer, audience, key.Kid);

    public string Issue(TokenClaims claims)
    {
        var payload = new Dictionary<string, object>();
        Add(JwtRegisteredClaimNames.Sub, claims.Subject);
        Add(JwtRegisteredClaimNames.Jti, claims.Id);
        Add("account_id", claims.AccountId);
        Add("projects", claims.Projects);
        Add("permissions", claims.Permissions);
        return Handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = claims.Issuer ?? issuer,
            Audience = claims.Audience ?? audience,
            IssuedAt = claims.NotBefore,
            NotBefore = claims.NotBefore,
            Expires = claims.Expires,
            SigningCredentials = claims.Signature ?? Signature,
            AdditionalHeaderClaims = claims.Header,
            Claims = payload,
        });

        void Add(string name, object? value)
        {
            if (value is not null)
                payload[name] = value;
        }
    }

    /// <summary>The public key as anybody can have it: the text of a PEM file.</summary>
    public string PublicPem()
    {
        if (key.Kty == JsonWebAlgorithmsKeyTypes.RSA)
        {
            using var rsa = RSA.Create(new RSAParameters { Modulus = Base64UrlEncoder.DecodeBytes(key.N), Exponent = Base64UrlEncoder.DecodeBytes(key.E) });
            return rsa.ExportSubjectPublicKeyInfoPem();
        }

        using var ec = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.CreateFromFriendlyName($"nist{key.Crv.Replace("-", "", StringComparison.Ordinal)}"),
            Q = { X = Base64UrlEncoder.DecodeBytes(key.X), Y = Base64UrlEncoder.DecodeBytes(key.Y) },
        });
        return ec.ExportSubjectPublicKeyInfoPem();
    }
}

/// <summary>What a token says. As it is, it is good for all of one account; null leaves a claim out.</summary>
public sealed record TokenClaims
{
    public object? AccountId { get; init; }

    public object? Projects { get; init; } = "*";

    public string[]? Permissions { get; init; } = Tokens.EveryPermission;

    public string? Subject { get; init; } = "end-to-end-tests";

    public string? Id { get; init; } = Guid.NewGuid().ToString("N");

    public string? Issuer { get; init; }

    public string? Audience { get; init; }

    public DateTime NotBefore { get; init; } = DateTime.UtcNow.AddMinutes(-1);

    public DateTime? Expires { get; init; } = DateTime.UtcNow.AddHours(1);

    public SigningCredentials? Signature { get; init; }

    /// <summary>What the token's header says beside its key's name and algorithm.</summary>
    public Dictionary<string, object>? Header { get; init; }
}
