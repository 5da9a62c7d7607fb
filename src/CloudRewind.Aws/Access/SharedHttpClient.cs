using System.Diagnostics.CodeAnalysis;
using Amazon.Runtime;

namespace CloudRewind.Aws.Access;

/// <summary>One HTTP client for all clients of the SDK, however many sessions there are. Calls have limits of their own.</summary>
[SuppressMessage("Reliability", "CA2000", Justification = "They live as long as the app.")]
internal sealed class SharedHttpClient : HttpClientFactory
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private readonly HttpClient client = new(new SocketsHttpHandler { ConnectTimeout = ConnectTimeout, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => client;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
}
