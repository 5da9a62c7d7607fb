using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace CloudRewind.Functions.Tests.Auth;

/// <summary>Signs tokens whose header and payload are written as JSON, byte for byte: an issuer's library would not write what these tests need.</summary>
internal sealed class SignedTokens : IDisposable
{
    public const string Issuer = "https://issuer.example.com";
    public const string Audience = "cloud-rewind";

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>The public key.</summary>
    public SecurityKey PublicKey => new ECDsaSecurityKey(ECDsa.Create(key.ExportParameters(includePrivateParameters: false)));

    /// <summary>A token that expires in an hour.</summary>
    /// <param name="claims">Members of the payload as JSON, beside issuer, audience, subject and expiry.</param>
    /// <param name="header">Members of the header as JSON, beside the algorithm.</param>
    public string Sign(string claims, string header = "\"typ\":\"JWT\"") => SignPayload(
        $$"""{"iss":"{{Issuer}}","aud":"{{Audience}}","sub":"tests","exp":{{DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds()}},{{claims}}}""", header);

    /// <summary>A token with a payload as it is given.</summary>
    public string SignPayload(string payload, string header = "\"typ\":\"JWT\"")
    {
        var signed = $"{Encode($$"""{"alg":"ES256",{{header}}}""")}.{Encode(payload)}";
        return $"{signed}.{Base64UrlEncoder.Encode(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    public void Dispose() => key.Dispose();

    private static string Encode(string json) => Base64UrlEncoder.Encode(Encoding.UTF8.GetBytes(json));
}
