using System.Buffers.Text;
using System.Text.Json;
using Azure.Core;

namespace CloudRewind.Capture.Tests.Aws;

/// <summary>A managed identity whose tokens are as a test wants them, unsigned. It keeps what was asked for.</summary>
internal sealed class TestIdentity : TokenCredential
{
    public const string Issuer = "https://sts.windows.net/00000000-0000-0000-0000-00000000000a/";
    public const string Audience = "api://00000000-0000-0000-0000-00000000000b";
    public const string Subject = "00000000-0000-0000-0000-00000000000c";

    public string TokenAudience { get; set; } = Audience;

    public string TokenSubject { get; set; } = Subject;

    public Exception? Error { get; set; }

    public List<string> Scopes { get; } = [];

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        Scopes.AddRange(requestContext.Scopes);
        if (Error is not null)
            throw Error;
        var expires = DateTimeOffset.UtcNow.AddHours(1);
        var claims = JsonSerializer.SerializeToUtf8Bytes(new { iss = Issuer, aud = TokenAudience, sub = TokenSubject, exp = expires.ToUnixTimeSeconds() });
        return new AccessToken($"e30.{Base64Url.EncodeToString(claims)}.e30", expires);
    }

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));
}
