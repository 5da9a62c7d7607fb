using CloudRewind.TestSupport;

namespace CloudRewind.FunctionsHost.Tests.Support;

/// <summary>A storage for the hosts of one class of tests: hosts on one storage share its timers and orchestrations.</summary>
public sealed class StorageFixture : IAsyncLifetime
{
    private StorageEmulator? storage;

    /// <summary>What a host connects to it with.</summary>
    internal string ConnectionString => storage!.ConnectionString;

    /// <inheritdoc/>
    public async Task InitializeAsync() => storage = await StorageEmulator.StartAsync();

    /// <inheritdoc/>
    public async Task DisposeAsync() => await storage!.DisposeAsync();
}
