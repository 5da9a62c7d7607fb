using System.Text.Json;
using System.Text.RegularExpressions;
using CloudRewind.Functions.Auth;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CloudRewind.Functions.Tokens;

/// <summary>A token in a text that would be stored. It is refused, since every reader of it could use it.</summary>
/// <param name="TokenId">The id that it names; null where it names none.</param>
internal sealed partial record PastedToken(string? TokenId)
{
    /// <summary>Finds one anywhere in a text, with or without <c>Bearer</c> before it.</summary>
    /// <returns>Null where there is none: three parts with dots between them are one only where the first is a JSON object.</returns>
    public static PastedToken? Find(string text)
    {
        foreach (Match match in ThreeParts().Matches(text))
        {
            if (Decode(match.Groups[1].Value) is { } header)
            {
                header.Dispose();
                using var payload = Decode(match.Groups[2].Value);
                return new PastedToken(
                    payload is null ? null : TextOf(payload, JwtRegisteredClaimNames.Jti) ?? TextOf(payload, ClaimNames.EntraTokenId));
            }
        }

        return null;
    }

    private static string? TextOf(JsonDocument payload, string name)
    {
        try
        {
            return payload.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;
        }
        catch (InvalidOperationException)
        {
            return null; // half of a surrogate pair
        }
    }

    private static JsonDocument? Decode(string part)
    {
        try
        {
            var json = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(part));
            if (json.RootElement.ValueKind == JsonValueKind.Object)
                return json;
            json.Dispose();
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            // Dots in an id are no reason to take it for a token.
        }

        return null;
    }

    [GeneratedRegex(@"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]*", RegexOptions.CultureInvariant)]
    private static partial Regex ThreeParts();
}
