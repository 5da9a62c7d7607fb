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
            ? throw ApiErrors.TokenRevoked.Exception()
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
            throw ApiErrors.TokenMissing.Exception();
        return authorization is [{ } only] && only.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? only[Scheme.Length..].Trim()
            : throw ApiErrors.TokenMalformed.Exception();
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
            throw ApiErrors.TokenMalformed.Exception();
        }

        // The handler refuses these too, but not always for this reason.
        if (!TrustedIssuer.AcceptedAlgorithms.Contains(token.Alg))
            throw ApiErrors.TokenAlgorithmRefused.Exception(TrustedIssuer.AcceptedAlgorithms);
        // RFC 7515, 4.1.11: an extension that is critical must be understood, and none is. The handler ignores them.
        if (token.TryGetHeaderValue(CriticalHeader, out object _))
            throw ApiErrors.TokenHeaderRefused.Exception("it names critical extensions (crit), of which none is supported.");
        // RFC 8725, 3.11: what the issuer signs for another purpose is no access token.
        if (!string.IsNullOrEmpty(token.Typ) && !AcceptedTypes.Contains(token.Typ))
            throw ApiErrors.TokenHeaderRefused.Exception($"its type (typ) must be absent or one of {string.Join(", ", AcceptedTypes)}.");
        NumericDates.Check(token);
        return token;
    }

    private static ApiException RefusalOf(Exception error) => error switch
    {
        SecurityTokenExpiredException or SecurityTokenNoExpirationException or SecurityTokenInvalidLifetimeException => ApiErrors.TokenExpired.Exception(),
        SecurityTokenNotYetValidException => ApiErrors.TokenNotYetValid.Exception(),
        SecurityTokenInvalidIssuerException => ApiErrors.TokenIssuerRefused.Exception(),
        SecurityTokenInvalidAudienceException => ApiErrors.TokenAudienceRefused.Exception(),
        SecurityTokenInvalidAlgorithmException => ApiErrors.TokenAlgorithmRefused.Exception(TrustedIssuer.AcceptedAlgorithms),
        SecurityTokenMalformedException or SecurityTokenArgumentException => ApiErrors.TokenMalformed.Exception(),
        SecurityTokenException => ApiErrors.TokenSignatureInvalid.Exception(),
        _ => ApiErrors.TokenMalformed.Exception(),
    };
}
