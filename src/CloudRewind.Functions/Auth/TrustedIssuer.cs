using CloudRewind.Functions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace CloudRewind.Functions.Auth;

/// <summary>What tokens are validated against: the authority's published keys, or the given ones.</summary>
public sealed class TrustedIssuer : IDisposable
{
    internal static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    private readonly AuthorityKeys? authority;
    private readonly TokenValidationParameters parameters;

    /// <summary>Nothing is asked of the authority yet: one that is down does not keep the app from starting.</summary>
    public TrustedIssuer(AuthOptions options, TimeProvider time, ILogger<TrustedIssuer> log)
        : this(options, time, log, new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) // its address may change
    {
    }

    internal TrustedIssuer(AuthOptions options, TimeProvider time, ILogger<TrustedIssuer> log, HttpMessageHandler handler)
    {
        Claims = options.Claims;
        parameters = new TokenValidationParameters
        {
            ValidAudience = options.Audience,
            IgnoreTrailingSlashWhenValidatingAudience = false,
            ValidAlgorithms = AcceptedAlgorithms,
            ClockSkew = ClockSkew,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            ValidateIssuerSigningKey = true,
        };
        switch (options)
        {
            case AuthOptions.ByKeys given:
                parameters.ValidIssuer = given.Issuer;
                parameters.IssuerSigningKeys = given.Keys;
                break;
            case AuthOptions.ByAuthority by:
                authority = new AuthorityKeys(by.Authority, parameters, handler, time, log);
                break;
            default:
                throw new ArgumentException($"{options.GetType().Name} gives no keys.", nameof(options));
        }
    }

    /// <summary>Signatures with a private key only: whoever can check a token cannot make one.</summary>
    public static IReadOnlyList<string> AcceptedAlgorithms { get; } =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    /// <summary>What the claims are called that the app reads.</summary>
    public ClaimNames Claims { get; }

    /// <summary>What a token must satisfy.</summary>
    /// <exception cref="ApiException">500: the authority does not answer, so that no token can be told right from wrong.</exception>
    public async Task<TokenValidationParameters> GetParametersAsync(CancellationToken cancellationToken) =>
        authority is null ? parameters : await authority.GetAsync(cancellationToken);

    /// <summary>What a token must satisfy whose key was not among the known ones.</summary>
    /// <param name="old">What it was validated against.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>Null where nothing newer is known.</returns>
    /// <exception cref="ApiException">500: the authority does not answer.</exception>
    public async Task<TokenValidationParameters?> GetNewerParametersAsync(
        TokenValidationParameters old, CancellationToken cancellationToken) =>
        authority is null ? null : await authority.GetNewerAsync(old, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => authority?.Dispose();
}
