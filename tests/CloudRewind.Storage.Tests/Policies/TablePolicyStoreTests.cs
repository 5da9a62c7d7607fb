using Azure.Data.Tables;
using CloudRewind.Domain.Policies;
using CloudRewind.Storage.Policies;
using CloudRewind.Storage.Tables;
using CloudRewind.Storage.Tests.Support;

namespace CloudRewind.Storage.Tests.Policies;

[Collection(StorageTests.Name)]
public sealed class TablePolicyStoreTests(StorageFixture storage) : PolicyStoreContract(new TableBench(storage))
{
    [Fact]
    public async Task A_due_row_that_cannot_be_read_is_reported_with_its_keys_and_the_others_are_listed()
    {
        var due = new TableDuePolicies(storage.Tables);
        var key = new PolicyKey(Assembly, 1);
        await due.AddAsync(key, Requests.Now, CancellationToken.None);
        var unreadable = new TableEntity(Keys.Due.Partition(key), $"000000000000000:of-a-newer-version-{Assembly.AccountId}") { ["Policy"] = "v2/demo/2" };
        var table = new TableServiceClient(storage.ConnectionString).GetTableClient(StorageTables.DuePoliciesName);
        await table.AddEntityAsync(unreadable);
        try
        {
            List<DuePolicy> rows = [];
            await foreach (var row in due.ListDueAsync(Requests.Now, Unreadable.Add, CancellationToken.None))
                rows.Add(row);

            Assert.Contains(rows, row => row.Key == key);
            Assert.Contains((StorageTables.DuePoliciesName, unreadable.PartitionKey, unreadable.RowKey), Unreadable.Select(row => (row.Table, row.PartitionKey, row.RowKey)));
        }
        finally
        {
            await table.DeleteEntityAsync(unreadable.PartitionKey, unreadable.RowKey);
        }
    }

    [Fact]
    public async Task A_policy_that_cannot_be_read_is_reported_and_the_others_are_listed_and_changed()
    {
        var policies = storage.Policies();
        var definition = new PolicyDefinition("nightly", null, new ScheduleDefinition(Frequency.Hourly, "UTC"), PolicyDefinition.MinRetentionCount, PolicyStatus.Enabled);
        var broken = Assert.IsType<PolicyResult.Accepted>(await policies.CreateAsync(Assembly, definition, Requests.Now, Person, CancellationToken.None)).Policy;
        var table = new TableServiceClient(storage.ConnectionString).GetTableClient(StorageTables.ProtectionsName);
        await table.UpdateEntityAsync(
            new TableEntity(Keys.Protections.Partition(Assembly), Keys.Policies.Policy(broken.Key)) { ["Status"] = "of-a-newer-version" }, Azure.ETag.All);

        var second = Assert.IsType<PolicyResult.Accepted>(await policies.CreateAsync(Assembly, definition with { Name = "second" }, Requests.Now, Person, CancellationToken.None)).Policy;
        Assert.IsType<PolicyResult.Accepted>(await policies.ReplaceAsync(second.Key, definition with { Name = "third" }, _ => true, Requests.Now, Person, CancellationToken.None));

        Assert.Equal([second.Key], (await policies.ListAsync(Assembly, Unreadable.Add, CancellationToken.None)).Select(policy => policy.Key));
        Assert.Equal(Keys.Policies.Policy(broken.Key), Assert.Single(Unreadable).RowKey);
    }
}
