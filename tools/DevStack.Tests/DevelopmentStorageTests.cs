using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using CloudRewind.FunctionsHost;
using CloudRewind.TestSupport;

namespace CloudRewind.DevStack.Tests;

public sealed class DevelopmentStorageTests : IDisposable
{
    private const string NoSignals = "There are no Unix signals and process groups there.";

    private readonly TemporaryFolder folder = new();
    private readonly MemoryLogger logger = new();
    private readonly AzuriteOptions options;

    public DevelopmentStorageTests() => options = new AzuriteOptions(
        Repository.Root, folder["azurite"], new AzuritePorts(FreePort.Take(), FreePort.Take(), FreePort.Take()));

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=b")]
    [InlineData("UseDevelopmentStorage=false")]
    public async Task Other_storage_needs_none(string? connectionString) =>
        Assert.Null(await DevelopmentStorage.StartIfNeededAsync(connectionString, folder.Path, logger, default));

    [Theory]
    [InlineData("UseDevelopmentStorage=true")]
    [InlineData(" usedevelopmentstorage=TRUE; ")]
    public async Task Development_storage_needs_Azurite(string connectionString)
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            DevelopmentStorage.StartIfNeededAsync(connectionString, folder.Path, logger, cancelled.Token));
    }

    [SkippableTheory]
    [InlineData("HUP")]
    [InlineData("INT")]
    [InlineData("QUIT")]
    [InlineData("TERM")]
    [InlineData("KILL")]
    public async Task A_signal_to_the_process_group_loses_nothing_that_was_acknowledged(string signal)
    {
        Skip.If(OperatingSystem.IsWindows(), NoSignals);
        await using var host = OtherProcess.StartStorage(options);
        await host.SaysAsync(OtherProgram.ReadyWithOwn);
        var table = await NewTableAsync();
        var writing = Task.WhenAll(Enumerable.Range(0, 8).Select(writer => WriteUntilItFailsAsync(table, $"{writer}")));
        await Eventually.GetAsync(() => RowsAsync(table), rows => rows.Count > 50, "50 rows");

        await host.EndAsync(signal);
        var acknowledged = (await writing.WaitAsync(Eventually.Limit)).SelectMany(rows => rows).ToList();

        await using var next = await DevelopmentStorage.StartAsync(options, logger, default);
        Assert.Empty(acknowledged.Except(await RowsAsync(table)));
    }

    [SkippableFact]
    public async Task A_request_that_is_at_work_when_the_host_is_killed_is_kept_too()
    {
        Skip.If(OperatingSystem.IsWindows(), NoSignals);
        await using var host = OtherProcess.StartStorage(options);
        await host.SaysAsync(OtherProgram.ReadyWithOwn);
        var blobs = new BlobContainerClient(
            ConnectionStringOf(options.Ports), "kept", new BlobClientOptions { Retry = { MaxRetries = 0 } });
        await blobs.CreateAsync();
        await using var content = new HesitantStream("content"u8.ToArray());
        var uploading = blobs.UploadBlobAsync("blob", content);
        await content.Begun.WaitAsync(Eventually.Limit);

        await host.EndAsync("KILL");
        await Eventually.GetAsync(AnswersAsync, answers => !answers, "Azurite to close");
        content.GoOn();
        await uploading;

        await using var next = await DevelopmentStorage.StartAsync(options, logger, default);
        Assert.Equal("content", (await blobs.GetBlobClient("blob").DownloadContentAsync()).Value.Content.ToString());
    }

    [Fact]
    public async Task One_that_is_killed_is_started_again_and_named_in_the_log()
    {
        await using var storage = await DevelopmentStorage.StartAsync(options, logger, default);
        var first = storage.Own!;

        await first.KillAsync();

        await Eventually.GetAsync(() => Task.FromResult(storage.Own), own => own is not null && own != first, "a second Azurite");
        Assert.True(await AnswersAsync());
        Assert.Contains($"Azurite ({options.Ports}) has ended", Assert.Single(logger.Errors), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Two_starts_at_the_same_moment_leave_one_that_works_also_after_its_owner_has_ended()
    {
        Skip.If(OperatingSystem.IsWindows(), NoSignals);
        await using var one = OtherProcess.StartStorage(options);
        await using var two = OtherProcess.StartStorage(options);
        var owners = (await Task.WhenAll(one.SaysAsync(OtherProgram.Ready), two.SaysAsync(OtherProgram.Ready)))
            .Select(output => output.Contains(OtherProgram.ReadyWithOwn, StringComparison.Ordinal)).ToList();
        Assert.Single(owners, true);
        var (owner, other) = owners[0] ? (one, two) : (two, one);
        var table = await NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r"));

        await owner.EndAsync("TERM");

        await other.SaysAsync("Azurite answers again");
        Assert.Equal(["r"], await RowsAsync(table));
    }

    [Fact]
    public async Task Somebody_elses_is_used_and_left_alone()
    {
        await using var azurite = await Azurite.StartAsync(options);
        await using (var storage = await DevelopmentStorage.StartAsync(options, logger, default))
            Assert.Null(storage.Own);
        Assert.True(await AnswersAsync());
    }

    [Fact]
    public async Task A_port_that_something_else_has_is_named()
    {
        await using var something = new FaultyProxy(target: options.Ports.Blob, seed: 1);
        var taken = options with { Ports = options.Ports with { Queue = something.Port } };

        var error = await Assert.ThrowsAsync<HostStartException>(() => DevelopmentStorage.StartAsync(taken, logger, default));

        Assert.Contains($"address already in use 127.0.0.1:{something.Port}", error.Message, StringComparison.Ordinal);
        Assert.Contains("End the program", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_that_is_cancelled_half_way_leaves_nothing_running()
    {
        using var cancellationToken = new CancellationTokenSource();
        var starting = DevelopmentStorage.StartAsync(options, logger, cancellationToken.Token);
        var file = folder["azurite", "azurite.pid"];
        var text = await Eventually.GetAsync(
            () => Task.FromResult(File.Exists(file) ? File.ReadAllText(file) : ""), text => text.EndsWith('\n'), "the start of Azurite");

        await cancellationToken.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting.WaitAsync(Eventually.Limit));
        var pid = int.Parse(text, CultureInfo.InvariantCulture);
        await Eventually.GetAsync(() => Task.FromResult(RunningProcess.Exists(pid)), exists => !exists, "its end");
        Assert.False(File.Exists(file));
    }

    private static async Task<List<string>> WriteUntilItFailsAsync(TableClient table, string partition)
    {
        var acknowledged = new List<string>();
        try
        {
            while (true)
            {
                var row = $"{partition}-{acknowledged.Count}";
                await table.AddEntityAsync(new TableEntity(partition, row));
                acknowledged.Add(row);
            }
        }
        catch (RequestFailedException)
        {
            return acknowledged;
        }
    }

    private static async Task<List<string>> RowsAsync(TableClient table)
    {
        var rows = new List<string>();
        await foreach (var row in table.QueryAsync<TableEntity>())
            rows.Add(row.RowKey);
        return rows;
    }

    private async Task<TableClient> NewTableAsync()
    {
        var table = new TableClient(ConnectionStringOf(options.Ports), "Kept", new TableClientOptions { Retry = { MaxRetries = 0 } });
        await table.CreateAsync();
        return table;
    }

    private Task<bool> AnswersAsync() => options.Ports.AnswerAsync(default);

    private static string ConnectionStringOf(AzuritePorts ports) =>
        StorageEmulator.ConnectionStringOf(ports.Blob, ports.Queue, ports.Table);
}
