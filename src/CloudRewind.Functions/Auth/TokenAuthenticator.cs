using CloudRewind.Domain;
using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CloudRewind.Functions.Auth;

/// <summary>
/// Accepts or refuses the bearer token of a request; the validation is Microsoft.IdentityModel's. A token that was accepted is not validated again for a while: to check a
/// signature takes as long as to read a row.
/// </summary>
public sealed class TokenAuthenticator(TrustedIssuer issuer, RevocationCache revoked, TimeProvider time) : IDisposable
{
    /// <summary>How long a token stays accepted without another look at its signature, but no longer than it is valid: a key that is no longer trusted may be for this long.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    private const int MaxEntries = 10_000;
    private const string Scheme = "Bearer ";
    private const string CriticalHeader = "crit";
    private const int MaxTokenLength = 16 * 1024;

    private static readonly HashSet<string> AcceptedTypes = new(StringComparer.OrdinalIgnoreCase) { "JWT", "at+jwt", "application/at+jwt" };

    private readonly JsonWebTokenHandler handler = new() { MaximumTokenSizeInBytes = MaxTokenLength, MapInboundClaims = false };

    // By the digests of tokens: what is in memory is good for nothing.
    private readonly MemoryCache accepted = new(new MemoryCacheOptions { SizeLimit = MaxEntries, Clock = new CacheClock(time) });

    /// <summary>Who sent the request.</summary>
    /// <exception cref="ApiException">401, with a code that says why; 500 where it cannot be told.</exception>
    public async Task<Caller> AuthenticateAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var text = BearerOf(request);
        var digest = Digest.Sha256Hex(text);
        if (!accepted.TryGetValue(digest, out Caller? caller))
            caller = await ValidateAsync(text, digest, cancellationToken);
        return await revoked.ContainsAsync(caller!.AccountId, caller.TokenId, cancellationToken)
            ? throw ApiException.TokenRefused("token-revoked", "The token was revoked.")
            : caller;
    }

    /// <inheritdoc/>
    public void Dispose() => accepted.Dispose();

    private async Task<Caller> ValidateAsync(string text, string digest, CancellationToken cancellationToken)
    {
        var token = Read(text);
        var parameters = await issuer.GetParametersAsync(cancellationToken);
        var result = await handler.ValidateTokenAsync(token, parameters);
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException
            && await issuer.GetNewerParametersAsync(parameters, cancellationToken) is { } newer)
            result = await handler.ValidateTokenAsync(token, newer);
        if (!result.IsValid)
            throw RefusalOf(result.Exception);

        var caller = Caller.Read(token, issuer.Claims);
        var now = time.GetUtcNow();
        var left = token.ValidTo - now.UtcDateTime + TrustedIssuer.ClockSkew; // in this order: nothing can be added to the last date
        if (left > TimeSpan.Zero)
            accepted.Set(digest, caller, new MemoryCacheEntryOptions { AbsoluteExpiration = now + (left < Lifetime ? left : Lifetime), Size = 1 });
        return caller;
    }

    private static string BearerOf(HttpRequest request)
    {
        var authorization = request.Headers.Authorization;
        if (authorization.Count == 0 || string.IsNullOrWhiteSpace(authorization))
            throw ApiException.TokenMissing();
        return authorization is [{ } only] && only.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? only[Scheme.Length..].Trim()
            : throw Malformed();
    }

    private JsonWebToken Read(string text)
    {
        JsonWebToken token;
        try
        {
            token = handler.ReadJsonWebToken(text);
        }
        catch (Exception error) when (error is ArgumentException or SecurityTokenException)
        {
            throw Malformed();
        }

        // The handler refuses these too, but not always for this reason.
        if (!TrustedIssuer.AcceptedAlgorithms.Contains(token.Alg))
            throw ApiException.TokenRefused("token-algorithm-refused", $"The token is signed with an algorithm that is not accepted; it must be one of {string.Join(", ", TrustedIssuer.AcceptedAlgorithms)}.");
        // RFC 7515, 4.1.11: an extension that is critical must be understood, and none is. The handler ignores them.
        if (token.TryGetHeaderValue(CriticalHeader, out object _))
            throw ApiException.TokenRefused("token-header-refused", "The token's header names critical extensions (crit), of which none is supported.");
        // RFC 8725, 3.11: what the issuer signs for another purpose is no access token.
        if (!string.IsNullOrEmpty(token.Typ) && !AcceptedTypes.Contains(token.Typ))
            throw ApiException.TokenRefused("token-header-refused", $"The token's type (typ) is not accepted; it must be absent or one of {string.Join(", ", AcceptedTypes)}.");
        NumericDates.Check(token);
        return token;
    }

    private static ApiException Malformed() =>
        ApiException.TokenRefused("token-malformed", "The request's token is not a JSON Web Token; send one 'Authorization: Bearer TOKEN'.");

    private static ApiException RefusalOf(Exception error) => error switch
    {
        SecurityTokenExpiredException or SecurityTokenNoExpirationException => ApiException.TokenRefused("token-expired", "The token has expired, or does not say when it does."),
        SecurityTokenNotYetValidException => ApiException.TokenRefused("token-not-yet-valid", "The token is not valid yet."),
        SecurityTokenInvalidLifetimeException => ApiException.TokenRefused("token-expired", "The token's lifetime ends before it begins."),
        SecurityTokenInvalidIssuerException => ApiException.TokenRefused("token-issuer-refused", "The token is of an issuer that is not trusted here."),
        SecurityTokenInvalidAudienceException => ApiException.TokenRefused("token-audience-refused", "The token is for another audience."),
        SecurityTokenInvalidAlgorithmException => ApiException.TokenRefused("token-algorithm-refused", "The token is signed with an algorithm that is not accepted."),
        SecurityTokenMalformedException or SecurityTokenArgumentException => Malformed(),
        SecurityTokenException => ApiException.TokenRefused("token-signature-invalid", "The token's signature is not of a key that is trusted here."),
        _ => Malformed(),
    };
}
