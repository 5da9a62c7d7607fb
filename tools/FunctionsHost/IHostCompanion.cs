namespace CloudRewind.FunctionsHost;

/// <summary>Services that run beside a host, such as its storage. They start before the worker and stop after it.</summary>
public interface IHostCompanion : IAsyncDisposable
{
    /// <summary>Starts the services.</summary>
    /// <returns>Environment variables for the worker alone.</returns>
    /// <exception cref="HostStartException">A service cannot start.</exception>
    Task<IReadOnlyDictionary<string, string>> StartAsync(HostSettings settings, ILogger log, CancellationToken cancellationToken);

    /// <summary>Called once the functions answer at <paramref name="address"/>.</summary>
    Task AnnounceAsync(Uri address, CancellationToken cancellationToken);
}
