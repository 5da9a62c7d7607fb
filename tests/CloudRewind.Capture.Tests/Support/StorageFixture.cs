using CloudRewind.Storage.Tables;
using CloudRewind.TestSupport;

namespace CloudRewind.Capture.Tests.Support;

/// <summary>An empty account: the simulated provider creates its own table.</summary>
public sealed class StorageFixture : IAsyncLifetime
{
    private StorageEmulator? storage;

    public string ConnectionString => storage!.ConnectionString;

    public StorageTables Tables { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        storage = await StorageEmulator.StartAsync();
        Tables = new StorageTables(storage.ConnectionString);
    }

    public async Task DisposeAsync() => await (storage?.DisposeAsync() ?? ValueTask.CompletedTask);
}
