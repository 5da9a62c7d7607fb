namespace CloudRewind.FunctionsHost.Tests.Support;

/// <summary>A host that is up, on a storage of its own.</summary>
public class HostFixture : IAsyncLifetime
{
    private readonly StorageFixture _storage = new();
    private HostProgram? _host;

    /// <summary>The host.</summary>
    internal HostProgram Host => _host!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        await _storage.InitializeAsync();
        _host = new HostProgram(_storage.ConnectionString);
        Prepare(_host);
        await _host.StartAsync();
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        _host?.Dispose();
        await _storage.DisposeAsync();
    }

    /// <summary>Sets what the host's start needs.</summary>
    private protected virtual void Prepare(HostProgram host)
    {
    }
}
