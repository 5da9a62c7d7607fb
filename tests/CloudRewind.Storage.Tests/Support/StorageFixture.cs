using Azure.Core.Pipeline;
using Azure.Data.Tables;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;
using CloudRewind.Storage.Driving;
using CloudRewind.Storage.Policies;
using CloudRewind.Storage.Protections;
using CloudRewind.Storage.Tables;
using Microsoft.Extensions.Time.Testing;

namespace CloudRewind.Storage.Tests.Support;

/// <summary>One Azurite for all tests; each test has assemblies of its own in it.</summary>
public sealed class StorageFixture : IAsyncLifetime
{
    private static long accounts = Random.Shared.NextInt64(1, 1_000_000_000);
    private StorageEmulator? storage;

    public string ConnectionString => storage!.ConnectionString;

    public StorageTables Tables { get; private set; } = null!;

    /// <summary>An assembly that nobody else uses.</summary>
    public static AssemblyKey NewAssembly(string project = "demo") => new(Interlocked.Increment(ref accounts), project, 7);

    public TableProtectionStore Store(StorageTables? tables = null) => new(tables ?? Tables, new TableWorkList(tables ?? Tables));

    public TableProtectionPolicyStore Policies(StorageTables? tables = null) =>
        new(tables ?? Tables, new TableWorkList(tables ?? Tables), new TableDuePolicies(tables ?? Tables));

    /// <summary>
    /// The tables as a client sees them whose requests pass through a transport of the test's. It repeats them as the app does, without pausing; where the test
    /// gives no clock, that of the deadlines stands still, so that a busy machine ends no call.
    /// </summary>
    public StorageTables TablesThrough(HttpPipelineTransport transport, TimeProvider? time = null) => new(ConnectionString, options =>
    {
        options.Transport = transport;
        options.RetryPolicy = new CallDeadline(time ?? new FakeTimeProvider(), TimeSpan.FromMilliseconds(1));
    });

    /// <summary>The rows of a protection on the watchdog's list.</summary>
    public Task<List<TableEntity>> WatchedAsync(ProtectionId id) => RowsAsync(StorageTables.WorkListName, $"Subject eq '{id}'");

    /// <summary>The rows of a table, as they are stored.</summary>
    public async Task<List<TableEntity>> RowsAsync(string table, string filter)
    {
        var rows = new List<TableEntity>();
        await foreach (var row in new TableServiceClient(ConnectionString).GetTableClient(table).QueryAsync<TableEntity>(filter))
            rows.Add(row);
        return rows;
    }

    public async Task InitializeAsync()
    {
        storage = await StorageEmulator.StartAsync();
        Tables = TablesThrough(new HttpClientTransport());
        await Tables.PrepareAsync(CancellationToken.None);
    }

    public async Task DisposeAsync() => await (storage?.DisposeAsync() ?? ValueTask.CompletedTask);
}
