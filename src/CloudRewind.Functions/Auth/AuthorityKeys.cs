using CloudRewind.Functions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace CloudRewind.Functions.Auth;

/// <summary>
/// The issuer and the keys that an OIDC authority publishes now. All requests share one fetch, which has a deadline; docs/decisions/0022
/// says why this is not the library's ConfigurationManager.
/// </summary>
internal sealed class AuthorityKeys : IDisposable
{
    /// <summary>How old the keys may be while the authority answers: a key that it withdraws is trusted for no longer.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(30);

    /// <summary>How long the last keys stay good while the authority does not answer. Access tokens seldom live longer.</summary>
    public static readonly TimeSpan MaxAgeInOutage = TimeSpan.FromHours(1);

    /// <summary>How long a fetch of both documents may take.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);

    /// <summary>The least time between two fetches, whatever came of the first and however many tokens name an unknown key.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private const int MaxDocument = 1024 * 1024;

    private readonly string address;
    private readonly TokenValidationParameters parameters;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly HttpClient http;
    private readonly Documents documents;
    private readonly Lock gate = new();
    private Task? fetch;
    private Known? known;
    private long? endedAt;
    private bool failed;

    /// <param name="authority">The authority; nothing is asked of it yet.</param>
    /// <param name="parameters">What a token must satisfy beside the issuer and the keys.</param>
    /// <param name="handler">Sends the requests.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Gets a line when the authority stops and when it begins to answer.</param>
    public AuthorityKeys(Uri authority, TokenValidationParameters parameters, HttpMessageHandler handler, TimeProvider time, ILogger log)
    {
        address = $"{authority.AbsoluteUri.TrimEnd('/')}/.well-known/openid-configuration";
        this.parameters = parameters;
        this.time = time;
        this.log = log;
        http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MaxDocument };
        documents = new Documents(http, authority.Scheme);
    }

    /// <summary>What a token must satisfy now.</summary>
    /// <exception cref="ApiException">500: the authority does not answer, and what it published last is too old.</exception>
    public async Task<TokenValidationParameters> GetAsync(CancellationToken cancellationToken)
    {
        // Half of the age is for the fetch: a request waits for it only where no other request has come in time.
        var running = FetchIfOlderThan(MaxAge / 2);
        if (Newest(MaxAge) is { } fresh)
            return fresh;
        // In an outage a request waits for the authority only where there is nothing to go by.
        if (running is not null && (Newest(MaxAgeInOutage) is null || !IsOut()))
            await running.WaitAsync(cancellationToken);
        return Newest(MaxAgeInOutage) ?? throw ApiErrors.AuthorityUnavailable.Exception();
    }

    /// <summary>Asks the authority again because a token's key is unknown, unless it was asked within the last <see cref="Pause"/>.</summary>
    /// <param name="old">What the key is unknown to.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>Null where the authority publishes nothing newer.</returns>
    /// <exception cref="ApiException">500: the authority does not answer, so the key may be a new one.</exception>
    public async Task<TokenValidationParameters?> GetNewerAsync(TokenValidationParameters old, CancellationToken cancellationToken)
    {
        if (FetchIfOlderThan(TimeSpan.Zero) is { } running)
            await running.WaitAsync(cancellationToken);
        if (IsOut())
            throw ApiErrors.AuthorityUnavailable.Exception();
        return Newest(MaxAge) is { } newest && newest != old ? newest : null;
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private Task? FetchIfOlderThan(TimeSpan age)
    {
        lock (gate)
        {
            var mayAsk = endedAt is not { } end || time.GetElapsedTime(end) >= Pause;
            if (fetch is null && mayAsk && (known is null || time.GetElapsedTime(known.AskedAt) >= age))
                fetch = Task.Run(FetchAsync);
            return fetch;
        }
    }

    private TokenValidationParameters? Newest(TimeSpan maxAge)
    {
        lock (gate)
            return known is not null && time.GetElapsedTime(known.AskedAt) < maxAge ? known.Parameters : null;
    }

    // A failure long ago says nothing about now.
    private bool IsOut()
    {
        lock (gate)
            return failed && endedAt is { } end && time.GetElapsedTime(end) < MaxAge;
    }

    private async Task FetchAsync()
    {
        var askedAt = time.GetTimestamp();
        Known? answer = null;
        Exception? error = null;
        try
        {
            using var limit = new CancellationTokenSource(Deadline, time);
            var published = await OpenIdConnectConfigurationRetriever.GetAsync(address, documents, limit.Token);
            if (string.IsNullOrWhiteSpace(published.Issuer) || string.IsNullOrWhiteSpace(published.JwksUri))
                throw new InvalidDataException("Its discovery document has no issuer or no jwks_uri.");
            var trusted = parameters.Clone();
            trusted.ValidIssuer = published.Issuer;
            trusted.IssuerSigningKeys = published.SigningKeys;
            answer = new Known(trusted, askedAt);
        }
        catch (Exception caught) when (caught is not OutOfMemoryException)
        {
            error = caught;
        }

        bool hadFailed;
        lock (gate)
        {
            hadFailed = failed;
            failed = answer is null;
            known = answer ?? known;
            endedAt = time.GetTimestamp();
            fetch = null;
        }

        if (error is not null && !hadFailed)
        {
            log.LogWarning(
                error,
                "The tokens' authority does not answer at {Address}; its last keys stay good until they are {Limit} old",
                address,
                MaxAgeInOutage);
        }
        else if (error is null && hadFailed)
        {
            log.LogInformation("The tokens' authority answers again at {Address}", address);
        }
    }

    // The library's own takes no notice of the cancellation.
    private sealed class Documents(HttpClient http, string scheme) : IDocumentRetriever
    {
        public Task<string> GetDocumentAsync(string address, CancellationToken cancel) =>
            new Uri(address) is var uri && uri.Scheme == scheme
                ? http.GetStringAsync(uri, cancel)
                : throw new InvalidDataException($"'{address}' must begin with {scheme}://, as the authority does.");
    }

    private sealed record Known(TokenValidationParameters Parameters, long AskedAt);
}
