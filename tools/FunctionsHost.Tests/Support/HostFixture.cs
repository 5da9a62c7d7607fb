namespace CloudRewind.FunctionsHost.Tests.Support;

/// <summary>A host that is up, on a storage of its own.</summary>
public class HostFixture : IAsyncLifetime
{
    private readonly StorageFixture storage = new();
    private HostProgram? host;

    /// <summary>The host.</summary>
    internal HostProgram Host => host!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        await storage.InitializeAsync();
        host = new HostProgram(storage.ConnectionString);
        Prepare(host);
        await host.StartAsync();
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        host?.Dispose();
        await storage.DisposeAsync();
    }

    /// <summary>Sets what the host's start needs.</summary>
    private protected virtual void Prepare(HostProgram host)
    {
    }
}
