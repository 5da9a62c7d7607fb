using Azure;
using Azure.Data.Tables;
using CloudRewind.Domain;
using CloudRewind.Domain.Protections;
using CloudRewind.Storage.Tables;
using CloudRewind.Storage.Tests.Support;
using static CloudRewind.Domain.Protections.ProtectionStatus;

namespace CloudRewind.Storage.Tests.Protections;

[Collection(StorageTests.Name)]
public sealed class TableActTests(StorageFixture storage) : ActContract(new TableBench(storage))
{
    private static readonly Actor Rule = Actor.Retention("look-1");

    [Fact]
    public async Task What_an_earlier_version_has_written_is_counted_in_before_anything_is_decided()
    {
        var store = storage.Store();
        var assembly = StorageFixture.NewAssembly();
        var first = await SuccessAsync();
        var second = await SuccessAsync();
        var table = new TableServiceClient(storage.ConnectionString).GetTableClient(StorageTables.ProtectionsName);
        foreach (var row in await storage.RowsAsync(StorageTables.ProtectionsName, $"PartitionKey eq '{Keys.Protections.Partition(assembly)}'"))
        {
            if (row.RowKey.StartsWith(Keys.Protections.HeldPrefix, StringComparison.Ordinal))
                await table.DeleteEntityAsync(row.PartitionKey, row.RowKey);
            foreach (var column in new[] { "Locks", "Latest", "NewestGood", "Outcome", "OutcomeAt", "Events", "By" })
                row.Remove(column);
            if (!row.RowKey.StartsWith(Keys.Protections.HeldPrefix, StringComparison.Ordinal))
                await table.UpdateEntityAsync(row, ETag.All, TableUpdateMode.Replace);
        }

        Assert.Equal((second.Id, second.Id), ((await store.GetSummaryAsync(assembly, CancellationToken.None)).Latest, (await store.GetSummaryAsync(assembly, CancellationToken.None)).NewestGood!.Id));
        Assert.Equal(ActResult.NewestGood, (await EndAsync(second)).Result);
        Assert.Equal(ActResult.Done, (await EndAsync(first)).Result);
        Assert.Equal([second.Id], (await store.ListHeldAsync(assembly, 0, CancellationToken.None)).Select(copy => copy.Id));
        Assert.Equal(Success, (await store.FindAsync(second.Id, CancellationToken.None))!.Outcome);

        async Task<Protection> SuccessAsync() =>
            await store.MovedAsync(await store.CreatedAsync(Requests.New(assembly)), Preparing, PreparationCompleted, InProgress, Success);

        async Task<ProtectionAct> EndAsync(Protection protection) =>
            (await store.ActAsync(protection.Id, (current, summary) => current.EndRetention(summary, Requests.Now.AddYears(1), Rule), CancellationToken.None))!;
    }
}
