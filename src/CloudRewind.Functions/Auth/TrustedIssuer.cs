using CloudRewind.Functions.Http;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace CloudRewind.Functions.Auth;

/// <summary>What tokens are validated against: the authority's published keys, renewed as it rotates them, or the given ones.</summary>
public sealed class TrustedIssuer
{
    internal static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    // A token with an unknown key asks the authority again, at most this often.
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(30);

    private readonly ConfigurationManager<OpenIdConnectConfiguration>? authority;
    private readonly TokenValidationParameters parameters;

    /// <summary>Nothing is asked of the authority yet: one that is down does not keep the app from starting.</summary>
    public TrustedIssuer(AuthOptions options)
    {
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
                authority = new ConfigurationManager<OpenIdConnectConfiguration>(
                    $"{by.Authority.AbsoluteUri.TrimEnd('/')}/.well-known/openid-configuration",
                    new OpenIdConnectConfigurationRetriever(),
                    new HttpDocumentRetriever { RequireHttps = by.Authority.Scheme == Uri.UriSchemeHttps })
                {
                    RefreshInterval = RefreshInterval,
                };
                parameters.ConfigurationManager = authority;
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

    /// <summary>What a token must satisfy.</summary>
    /// <exception cref="ApiException">500: the authority has never answered, so that no token can be told right from wrong.</exception>
    public async Task<TokenValidationParameters> GetParametersAsync(CancellationToken cancellationToken)
    {
        if (authority is not null)
        {
            try
            {
                await authority.GetConfigurationAsync(cancellationToken);
            }
            catch (Exception error) when (error is InvalidOperationException or IOException or HttpRequestException)
            {
                throw ApiException.Unavailable("authority-unavailable", "The token's authority does not answer, so no token can be checked now; the same request may succeed later.");
            }
        }

        return parameters;
    }
}
