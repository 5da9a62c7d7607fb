namespace CloudRewind.LocalHost.Development;

/// <summary>The ports of 127.0.0.1 that Azurite's three services listen on.</summary>
internal sealed record AzuritePorts(int Blob, int Queue, int Table)
{
    // Azurite's documented development account.
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private const int Patience = 2;

    private static readonly HttpClient s_http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>Those that <c>UseDevelopmentStorage=true</c> means.</summary>
    public static AzuritePorts Development { get; } = new(10000, 10001, 10002);

    /// <summary>What a client connects with.</summary>
    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};" +
        $"BlobEndpoint={Endpoint(Blob)};QueueEndpoint={Endpoint(Queue)};TableEndpoint={Endpoint(Table)};";

    /// <inheritdoc />
    public override string ToString() => $"ports {Blob}, {Queue}, {Table}";

    /// <summary>Whether Azurite answers on all three.</summary>
    /// <exception cref="HostStartException">It does not, and one of the ports is taken; the message names it.</exception>
    public async Task<bool> AnswerAsync(CancellationToken cancellationToken)
    {
        for (var left = Patience; ; left--)
        {
            try
            {
                return await AnswerNowAsync(cancellationToken);
            }
            catch (HostStartException) when (left > 0)
            {
                // One that is starting or closing has some of its ports only.
                await Task.Delay(500, cancellationToken);
            }
        }
    }

    private async Task<bool> AnswerNowAsync(CancellationToken cancellationToken)
    {
        (string Service, int Port)[] ports = [("Blob", Blob), ("Queue", Queue), ("Table", Table)];
        var answers = new List<(string Service, int Port, bool? IsAzurite)>();
        foreach (var (service, port) in ports)
            answers.Add((service, port, await IsAzuriteAsync(service, port, cancellationToken)));

        if (answers.All(answer => answer.IsAzurite is null))
            return false;
        foreach (var (service, port, isAzurite) in answers)
        {
            if (isAzurite is true)
                continue;
            throw new HostStartException(
                (isAzurite is null
                    ? $"Azurite answers, but its {service.ToLowerInvariant()} service does not: nothing listens on port {port}. End it"
                    : $"Port {port} is taken by something that does not answer as Azurite's {service.ToLowerInvariant()} service. End it") +
                ", or set AzureWebJobsStorage to a storage account's connection string.");
        }

        return true;
    }

    private static string Endpoint(int port) => $"http://127.0.0.1:{port}/{Account}";

    /// <returns>Null where nothing listens.</returns>
    private static async Task<bool?> IsAzuriteAsync(string service, int port, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await s_http.GetAsync(new Uri($"http://127.0.0.1:{port}/"), cancellationToken);
            return response.Headers.Server.ToString().StartsWith($"Azurite-{service}", StringComparison.OrdinalIgnoreCase);
        }
        catch (HttpRequestException e)
        {
            return e.HttpRequestError == HttpRequestError.ConnectionError ? null : false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
