using System.Collections.Concurrent;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using CloudRewind.Domain;
using CloudRewind.Domain.Driving;
using CloudRewind.Domain.Protections;
using CloudRewind.Storage.Driving;
using CloudRewind.Storage.Tables;
using CloudRewind.Storage.Tests.Support;

namespace CloudRewind.Storage.Tests.Driving;

[Collection(StorageTests.Name)]
public sealed class WorkListTests(StorageFixture storage)
{
    private static readonly DateTimeOffset Now = Requests.Now;

    private readonly TableWorkList work = new(storage.Tables);
    private readonly List<UnreadableRow> unreadable = [];
    private readonly WorkKey key = WorkKey.Lifecycle(new ProtectionId(StorageFixture.NewAssembly("a/b#c?d"), 0, 5));

    public static TheoryData<WorkKind> Kinds => new(Enum.GetValues<WorkKind>());

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Work_is_due_as_soon_as_it_is_listed(WorkKind kind)
    {
        var listed = Of(kind);
        await work.EnsureAsync(listed, Now, CancellationToken.None);

        Assert.Equal(listed, (await FindDueAsync(Now, listed))!.Key);
        Assert.Null(await FindDueAsync(Now.AddMilliseconds(-1), listed));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Work_is_due_at_the_time_to_which_it_is_postponed_and_not_before(WorkKind kind)
    {
        var listed = Of(kind);
        await work.EnsureAsync(listed, Now, CancellationToken.None);
        Assert.True(await PostponeAsync(await DueAsync(listed), Now.AddHours(20)));

        Assert.Null(await FindDueAsync(Now.AddHours(20).AddMilliseconds(-1), listed));
        Assert.Equal((Now, Now, Now.AddHours(20)), await DueAsync(listed, Now.AddHours(20)) is var item ? (item.RequestedAt, item.ExpectedAt, item.DueAt) : default);
    }

    [Fact]
    public async Task An_item_is_two_rows_of_one_partition_however_often_it_is_listed_and_moved()
    {
        await work.EnsureAsync(key, Now, CancellationToken.None);
        await PostponeAsync(await DueAsync(key), Now.AddHours(1));
        await work.EnsureAsync(key, Now.AddMinutes(5), CancellationToken.None);
        await PostponeAsync(await DueAsync(key, Now.AddMinutes(5)), Now.AddMinutes(5));

        var rows = await storage.RowsAsync(StorageTables.WorkListName, $"Subject eq '{key.Subject}'");
        Assert.Equal(2, rows.Count);
        Assert.Single(rows.Select(row => row.PartitionKey).Distinct());
    }

    [Fact]
    public async Task Work_that_is_listed_again_is_due_at_once_and_keeps_the_time_of_its_first_request()
    {
        await work.EnsureAsync(key, Now, CancellationToken.None);
        await PostponeAsync(await DueAsync(key), Now.AddHours(20));
        await work.EnsureAsync(key, Now.AddHours(1), CancellationToken.None);

        var item = await DueAsync(key, Now.AddHours(1));
        Assert.Equal((Now, Now.AddHours(1), Now.AddHours(1)), (item.RequestedAt, item.ExpectedAt, item.DueAt));
    }

    [Fact]
    public async Task Work_that_a_clock_of_another_day_has_listed_is_found_after_the_latest_time_that_is_possible()
    {
        await work.EnsureAsync(key, Now.AddDays(40), CancellationToken.None);

        Assert.Null(await FindDueAsync(Now, key));
        Assert.Equal(key, (await work.ListAfterAsync(Now.AddDays(39), unreadable.Add, CancellationToken.None).FirstAsync(item => item.Key == key)).Key);
        Assert.False(await work.ListAfterAsync(Now.AddDays(40), unreadable.Add, CancellationToken.None).AnyAsync(item => item.Key == key));
    }

    [Fact]
    public async Task What_a_look_has_found_stays_until_the_work_is_complete()
    {
        await work.EnsureAsync(key, Now, CancellationToken.None);
        Assert.Equal(0, await work.FindGenerationAsync(key, CancellationToken.None));
        var item = await DueAsync(key);
        Assert.True(await work.PostponeAsync(item, item with { Generation = 1, OverdueAt = Now.AddHours(-1) }, CancellationToken.None));

        await work.EnsureAsync(key, Now, CancellationToken.None);
        await PostponeAsync(await DueAsync(key), Now.AddMinutes(1));

        item = await DueAsync(key, Now.AddMinutes(1));
        Assert.Equal((1, Now.AddHours(-1)), (item.Generation, item.OverdueAt));
        Assert.Equal(1, await work.FindGenerationAsync(key, CancellationToken.None));
    }

    [Fact]
    public async Task An_item_that_was_listed_again_since_it_was_read_is_neither_moved_nor_completed()
    {
        await work.EnsureAsync(key, Now, CancellationToken.None);
        var read = await DueAsync(key);
        await work.EnsureAsync(key, Now, CancellationToken.None);

        Assert.False(await PostponeAsync(read, Now.AddHours(1)));
        await work.CompleteAsync(read, CancellationToken.None);
        Assert.NotNull(await FindDueAsync(Now, key));

        await work.CompleteAsync(await DueAsync(key), CancellationToken.None);
        await work.CompleteAsync(read, CancellationToken.None);
        Assert.Empty(await storage.RowsAsync(StorageTables.WorkListName, $"Subject eq '{key.Subject}'"));
    }

    [Fact]
    public async Task Work_that_is_complete_stays_off_the_list()
    {
        await work.EnsureAsync(key, Now, CancellationToken.None);
        var read = await DueAsync(key);
        await work.CompleteAsync(key, claim: null, CancellationToken.None);
        await work.CompleteAsync(key, claim: null, CancellationToken.None);
        Assert.False(await PostponeAsync(read, Now));

        Assert.Empty(await storage.RowsAsync(StorageTables.WorkListName, $"Subject eq '{key.Subject}'"));
        Assert.Null(await work.FindGenerationAsync(key, CancellationToken.None));
        Assert.Null(await work.ClaimAsync(key, CancellationToken.None));
    }

    [Fact]
    public async Task A_caller_whose_claim_is_not_the_latest_does_not_complete_the_work()
    {
        var deletion = WorkKey.Deletion(key.Assembly);
        Assert.Null(await work.ClaimAsync(deletion, CancellationToken.None));
        var refused = await work.EnsureAsync(deletion, Now, CancellationToken.None);
        var other = await work.EnsureAsync(deletion, Now.AddHours(1), CancellationToken.None);
        Assert.NotEqual(refused, other);

        await work.CompleteAsync(deletion, refused, CancellationToken.None);
        Assert.NotNull(await work.FindGenerationAsync(deletion, CancellationToken.None));

        var orchestration = await work.ClaimAsync(deletion, CancellationToken.None);
        await work.CompleteAsync(deletion, other, CancellationToken.None);
        Assert.NotNull(await work.FindGenerationAsync(deletion, CancellationToken.None));

        await work.CompleteAsync(deletion, orchestration, CancellationToken.None);
        Assert.Null(await work.FindGenerationAsync(deletion, CancellationToken.None));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_item_of_which_an_operator_has_deleted_one_row_can_be_listed_and_completed(bool isByTime)
    {
        await work.EnsureAsync(key, Now, CancellationToken.None);
        var rows = await storage.RowsAsync(StorageTables.WorkListName, $"Subject eq '{key.Subject}'");
        var lost = rows.Single(row => char.IsAsciiDigit(row.RowKey[0]) == isByTime);
        await storage.Tables.WorkList.DeleteEntityAsync(lost);

        await work.EnsureAsync(key, Now.AddMinutes(1), CancellationToken.None);
        var due = await work.ListDueAsync(Now.AddMinutes(1), unreadable.Add, CancellationToken.None).Where(listed => listed.Key == key).ToListAsync();
        Assert.Contains(due, listed => listed.ExpectedAt == Now.AddMinutes(1));

        if (isByTime)
            await work.CompleteAsync(key, claim: null, CancellationToken.None);
        foreach (var listed in due)
            await work.CompleteAsync(listed, CancellationToken.None);
        Assert.Null(await FindDueAsync(Now.AddYears(1), key));
    }

    [Fact]
    public async Task A_row_that_cannot_be_read_is_reported_and_does_not_keep_others_from_being_listed()
    {
        await work.EnsureAsync(key, Now, CancellationToken.None);
        var first = $"000000000000000:of another version {Guid.NewGuid():N}";
        TableEntity[] foreign =
        [
            new(Keys.Work.Partition(key), $"{first}-1") { ["Kind"] = "replication", ["Subject"] = "7" },
            new(Keys.Work.Partition(key), $"{first}-2") { ["Kind"] = "lifecycle", ["Subject"] = "v2/demo/2" },
            new(Keys.Work.Partition(key), $"{first}-3") { ["Kind"] = "deletion", ["Subject"] = "1:7" },
        ];
        foreach (var entity in foreign)
            await storage.Tables.WorkList.AddEntityAsync(entity);
        try
        {
            Assert.NotNull(await FindDueAsync(Now, key));
        }
        finally
        {
            foreach (var entity in foreign)
                await storage.Tables.WorkList.DeleteEntityAsync(entity);
        }

        Assert.Equal(foreign.Select(row => row.RowKey), unreadable.Where(row => row.RowKey.StartsWith(first, StringComparison.Ordinal)).Select(row => row.RowKey).Order());
        Assert.All(unreadable, row => Assert.Equal("WorkList", row.Table));
    }

    /// <summary>Every column of the row, with its stored type. Renaming a property of the domain changes none.</summary>
    [Fact]
    public async Task The_rows_of_an_item_are_stored_so()
    {
        var deletion = WorkKey.Deletion(new(1, "a/b", long.MaxValue - 1));
        await work.CompleteAsync(deletion, claim: null, CancellationToken.None);
        await work.EnsureAsync(deletion, Now, CancellationToken.None);
        var item = await DueAsync(deletion);
        await work.PostponeAsync(item, item with { DueAt = Now.AddHours(1), Generation = 2, OverdueAt = Now.AddMinutes(3) }, CancellationToken.None);

        var rows = (await storage.RowsAsync(StorageTables.WorkListName, $"Subject eq '{deletion.Subject}'")).OrderBy(row => row.RowKey).ToList();
        Assert.Equal(
            [$"{Now.AddHours(1).ToUnixTimeMilliseconds():D15}:deletion:1=3Aa=2Fb=3A9223372036854775806", "item:deletion:1=3Aa=2Fb=3A9223372036854775806"],
            rows.Select(row => row.RowKey));
        foreach (var row in rows)
        {
            Assert.Matches(@"\A(0\d|1[0-5])\z", row.PartitionKey);
            Assert.Equal(
                new Dictionary<string, object>
                {
                    ["Kind"] = "deletion",
                    ["Subject"] = "1:a/b:9223372036854775806",
                    ["RequestedAt"] = Now,
                    ["ExpectedAt"] = Now,
                    ["DueAt"] = Now.AddHours(1),
                    ["Generation"] = 2,
                    ["OverdueAt"] = Now.AddMinutes(3),
                },
                row.Where(column => column.Key is not ("odata.etag" or "PartitionKey" or "RowKey" or "Timestamp" or "WriteId")).ToDictionary());
        }

        await work.CompleteAsync(deletion, claim: null, CancellationToken.None);
    }

    /// <summary>Each partition is asked for the keys up to now and for nothing else: the price of a look is that of what is due.</summary>
    [Fact]
    public async Task A_look_asks_each_of_sixteen_partitions_for_the_range_of_keys_that_is_due()
    {
        var transport = new RecordingTransport();
        var recorded = new TableWorkList(storage.TablesThrough(transport));
        for (var number = 0; number < 40; number++)
            await work.EnsureAsync(WorkKey.Lifecycle(new ProtectionId(key.Assembly, 0, number)), Now.AddDays(300), CancellationToken.None);
        var due = DateTimeOffset.FromUnixTimeMilliseconds(1);

        Assert.Empty(await recorded.ListDueAsync(due, unreadable.Add, CancellationToken.None).ToListAsync());

        Assert.Equal(
            Enumerable.Range(0, 16).Select(number => $"PartitionKey eq '{number:D2}' and RowKey lt '000000000000002'"),
            transport.Filters.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Each_write_of_an_item_is_one_request_but_for_those_that_must_find_it_first()
    {
        var transport = new RecordingTransport();
        var recorded = new TableWorkList(storage.TablesThrough(transport));

        Assert.Equal(1, await CountAsync(() => recorded.EnsureAsync(key, Now, CancellationToken.None)));
        var item = await DueAsync(key);
        Assert.Equal(1, await CountAsync(() => recorded.PostponeAsync(item, item with { DueAt = Now.AddHours(1) }, CancellationToken.None)));
        Assert.Equal(4, await CountAsync(() => recorded.EnsureAsync(key, Now, CancellationToken.None))); // it is refused, is told from a lost answer, reads, and writes
        Assert.Equal(1, await CountAsync(() => recorded.ClaimAsync(key, CancellationToken.None)));
        Assert.Equal(2, await CountAsync(() => recorded.CompleteAsync(key, claim: null, CancellationToken.None)));
        await work.EnsureAsync(key, Now, CancellationToken.None);
        item = await DueAsync(key);
        Assert.Equal(1, await CountAsync(() => recorded.CompleteAsync(item, CancellationToken.None)));

        async Task<int> CountAsync(Func<Task> call)
        {
            var before = transport.Requests;
            await call();
            return transport.Requests - before;
        }
    }

    private WorkKey Of(WorkKind kind) => WorkKey.Parse(kind, kind == WorkKind.Lifecycle ? key.Subject : key.Assembly.ToString());

    private Task<bool> PostponeAsync(WorkItem item, DateTimeOffset dueAt) => work.PostponeAsync(item, item with { DueAt = dueAt }, CancellationToken.None);

    private ValueTask<WorkItem?> FindDueAsync(DateTimeOffset now, WorkKey listed) =>
        work.ListDueAsync(now, unreadable.Add, CancellationToken.None).SingleOrDefaultAsync(item => item.Key == listed);

    private async Task<WorkItem> DueAsync(WorkKey listed, DateTimeOffset? now = null) => (await FindDueAsync(now ?? Now, listed))!;

    private sealed class RecordingTransport : HttpPipelineTransport
    {
        private readonly HttpClientTransport real = new();
        private readonly ConcurrentQueue<Uri> sent = [];

        public int Requests => sent.Count;

        public IEnumerable<string> Filters => sent.Select(uri => System.Web.HttpUtility.ParseQueryString(uri.Query)["$filter"]!);

        public override Azure.Core.Request CreateRequest() => real.CreateRequest();

        public override void Process(HttpMessage message) => throw new NotSupportedException();

        public override ValueTask ProcessAsync(HttpMessage message)
        {
            sent.Enqueue(message.Request.Uri.ToUri());
            return real.ProcessAsync(message);
        }
    }
}
