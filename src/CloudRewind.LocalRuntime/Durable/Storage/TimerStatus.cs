using Azure.Data.Tables;

namespace CloudRewind.LocalRuntime.Durable.Storage;

/// <summary>When each timer function is to start next, so that a start that was missed is known as such.</summary>
internal sealed class TimerStatus(HubTables tables, StorageAccess storage)
{
    private const string Partition = "timers";

    public Task<DateTime?> GetNextAsync(string function, CancellationToken cancellationToken) => storage.KeepTryingAsync(
        async token =>
        {
            var found = await tables.Control.GetEntityIfExistsAsync<TableEntity>(Partition, KeyText.Encode(function), cancellationToken: token);
            return found.HasValue ? found.Value!.GetDateTime("Next") : null;
        },
        cancellationToken);

    public Task SetNextAsync(string function, DateTime next, CancellationToken cancellationToken) => storage.KeepTryingAsync(
        token => tables.Control.UpsertEntityAsync(
            new TableEntity(Partition, KeyText.Encode(function)) { ["Next"] = DateTime.SpecifyKind(next, DateTimeKind.Utc) },
            TableUpdateMode.Replace,
            token),
        cancellationToken);
}
