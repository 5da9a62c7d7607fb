using CloudRewind.Storage.Tables;
using CloudRewind.TestSupport;

namespace CloudRewind.Capture.Tests.Support;

/// <summary>The tables that the simulated provider keeps its snapshots in.</summary>
public sealed class StorageFixture : IAsyncLifetime
{
    private StorageEmulator? storage;

    public StorageTables Tables { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        storage = await StorageEmulator.StartAsync();
        Tables = new StorageTables(storage.ConnectionString);
        await Tables.PrepareAsync(CancellationToken.None);
    }

    public async Task DisposeAsync() => await (storage?.DisposeAsync() ?? ValueTask.CompletedTask);
}
