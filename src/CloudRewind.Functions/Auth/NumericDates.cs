using System.Text.Json;
using CloudRewind.Functions.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CloudRewind.Functions.Auth;

/// <summary>
/// The dates of a token, as RFC 7519, 2 defines them: seconds since 1970, which may have a fraction. The handler takes texts too, and takes
/// what lies beyond the year 9999 for the end of time.
/// </summary>
internal static class NumericDates
{
    private static readonly string[] Names = [JwtRegisteredClaimNames.Exp, JwtRegisteredClaimNames.Nbf, JwtRegisteredClaimNames.Iat];
    private static readonly double Last = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <exception cref="ApiException">401: a date is none.</exception>
    public static void Check(JsonWebToken token)
    {
        using var payload = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedPayload));
        foreach (var name in Names)
        {
            if (payload.RootElement.TryGetProperty(name, out var value) && !IsDate(value))
                throw ApiErrors.TokenClaimsInvalid.Exception((name, $"a date: a number of seconds from 0 to {Last}"));
        }
    }

    private static bool IsDate(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && seconds >= 0 && seconds <= Last;
}
