namespace CloudRewind.DevStack;

/// <summary>The ports of Azurite's three services on 127.0.0.1.</summary>
internal sealed record AzuritePorts(int Blob, int Queue, int Table)
{
    private static readonly HttpClient Client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>The ports of <c>UseDevelopmentStorage=true</c>.</summary>
    public static AzuritePorts Development { get; } = new(10000, 10001, 10002);

    public override string ToString() => $"ports {Blob}, {Queue}, {Table}";

    /// <summary>Whether an Azurite answers on all three.</summary>
    public async Task<bool> AnswerAsync(CancellationToken cancellationToken) =>
        await AnswersAsync("blob", Blob, cancellationToken)
        && await AnswersAsync("queue", Queue, cancellationToken)
        && await AnswersAsync("table", Table, cancellationToken);

    private static async Task<bool> AnswersAsync(string service, int port, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await Client.GetAsync(new Uri($"http://127.0.0.1:{port}/"), cancellationToken);
            return response.Headers.Server.ToString().StartsWith($"Azurite-{service}", StringComparison.OrdinalIgnoreCase);
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
