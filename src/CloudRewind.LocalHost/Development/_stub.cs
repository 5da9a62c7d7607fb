namespace CloudRewind.LocalHost.Development;

internal sealed class DevelopmentStorage : IAsyncDisposable
{
    public static Task<DevelopmentStorage?> StartIfNeededAsync(string? connectionString, string root, ILogger logger, CancellationToken cancellationToken) => Task.FromResult<DevelopmentStorage?>(null);

    public ValueTask DisposeAsync() => default;
}

internal sealed class DevelopmentAccess
{
    public static DevelopmentAccess? CreateIfNeeded(string root, Func<string, string?> setting) => null;

    public IReadOnlyDictionary<string, string> WorkerSettings { get; } = new Dictionary<string, string>();

    public Task AnnounceAsync(Uri baseAddress, string routePrefix, TextWriter console, CancellationToken cancellationToken) => Task.CompletedTask;
}
