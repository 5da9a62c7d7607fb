using Azure.Data.Tables;
using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;
using CloudRewind.Storage.Driving;
using CloudRewind.Storage.Protections;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Tests.Tables;

public sealed class StorageTablesTests
{
    [Fact]
    public async Task Storage_without_tables_is_unavailable()
    {
        await using var storage = await StorageEmulator.StartAsync();
        var tables = new StorageTables(storage.ConnectionString);
        var store = new TableProtectionStore(tables, new TableWorkList(tables));

        await Assert.ThrowsAsync<StoreUnavailableException>(() => tables.CheckAsync(CancellationToken.None));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.FindAsync(new ProtectionId(new AssemblyKey(1, "demo", 7), 0, 5), CancellationToken.None));

        await tables.PrepareAsync(CancellationToken.None);
        await tables.PrepareAsync(CancellationToken.None);
        await tables.CheckAsync(CancellationToken.None);
        Assert.Equal(
            StorageTables.Names.Order(StringComparer.Ordinal),
            new TableServiceClient(storage.ConnectionString).Query().Select(table => table.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Storage_that_does_not_answer_is_unavailable_and_its_key_stays_secret()
    {
        string connection;
        await using (var storage = await StorageEmulator.StartAsync())
            connection = storage.ConnectionString;
        var tables = new StorageTables(connection);

        var error = await Assert.ThrowsAsync<StoreUnavailableException>(() => tables.CheckAsync(CancellationToken.None));

        Assert.Contains("Table Storage could not reach the tables", error.Message, StringComparison.Ordinal);
        var key = connection.Split("AccountKey=")[1].Split(';')[0];
        Assert.DoesNotContain(key, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_call_is_not_an_outage()
    {
        await using var storage = await StorageEmulator.StartAsync();
        var tables = new StorageTables(storage.ConnectionString);
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tables.CheckAsync(gone.Token));
    }

    [Fact]
    public async Task The_time_that_storage_answers_with_is_passed_on()
    {
        await using var storage = await StorageEmulator.StartAsync();
        var before = DateTimeOffset.UtcNow;
        List<DateTimeOffset> times = [];

        await new StorageTables(storage.ConnectionString, times.Add).PrepareAsync(CancellationToken.None);

        Assert.NotEmpty(times);
        Assert.All(times, time => Assert.InRange(time, before.AddSeconds(-1), DateTimeOffset.UtcNow.AddSeconds(1)));
    }
}
