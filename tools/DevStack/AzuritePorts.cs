using CloudRewind.FunctionsHost;

namespace CloudRewind.DevStack;

/// <summary>The ports of 127.0.0.1 that Azurite's three services listen on.</summary>
internal sealed record AzuritePorts(int Blob, int Queue, int Table)
{
    private static readonly HttpClient s_http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>Those that <c>UseDevelopmentStorage=true</c> means.</summary>
    public static AzuritePorts Development { get; } = new(10000, 10001, 10002);

    /// <inheritdoc />
    public override string ToString() => $"ports {Blob}, {Queue}, {Table}";

    /// <summary>Whether Azurite answers on all three, now.</summary>
    /// <exception cref="HostStartException">It does not, and one of the ports is taken; the message names it.</exception>
    public async Task<bool> AnswerAsync(CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(
            AskAsync("blob", Blob, cancellationToken), AskAsync("queue", Queue, cancellationToken), AskAsync("table", Table, cancellationToken));
        const string Advice = "End it, or set AzureWebJobsStorage to a storage account's connection string.";
        foreach (var (service, port, _) in answers.Where(answer => answer.IsAzurite is false))
            throw new HostStartException($"Port {port} is taken by something that does not answer as Azurite's {service} service. {Advice}");
        if (answers.All(answer => answer.IsAzurite is null))
            return false;
        foreach (var (service, port, _) in answers.Where(answer => answer.IsAzurite is null))
            throw new HostStartException($"Azurite answers, but its {service} service does not: nothing listens on port {port}. {Advice}");
        return true;
    }

    /// <returns>IsAzurite is null where nothing listens.</returns>
    private static async Task<(string Service, int Port, bool? IsAzurite)> AskAsync(string service, int port, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await s_http.GetAsync(new Uri($"http://127.0.0.1:{port}/"), cancellationToken);
            return (service, port, response.Headers.Server.ToString().StartsWith($"Azurite-{service}", StringComparison.OrdinalIgnoreCase));
        }
        catch (HttpRequestException e)
        {
            return (service, port, e.HttpRequestError == HttpRequestError.ConnectionError ? null : false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (service, port, false);
        }
    }
}
