namespace CloudRewind.FunctionsHost;

/// <summary>A host without services beside it: all that it needs is there already.</summary>
internal sealed class NoCompanion : IHostCompanion
{
    public Task<IReadOnlyDictionary<string, string>> StartAsync(HostSettings settings, ILogger log, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>());

    public Task AnnounceAsync(Uri address, CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
