using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using CloudRewind.TestSupport;

namespace CloudRewind.DevStack.Tests;

public sealed class AzuriteTests
{
    [Fact]
    public async Task What_was_written_is_there_after_a_stop_in_order()
    {
        await using var storage = await StorageEmulator.StartOnDiskAsync();
        var table = new TableClient(storage.ConnectionString, "Kept");
        var queue = new QueueClient(storage.ConnectionString, "kept");
        var blobs = new BlobContainerClient(storage.ConnectionString, "kept");
        await table.CreateAsync();
        await table.AddEntityAsync(new TableEntity("p", "r"));
        await queue.CreateAsync();
        await queue.SendMessageAsync("message");
        await blobs.CreateAsync();
        await blobs.UploadBlobAsync("blob", BinaryData.FromString("content"));

        await storage.StopAsync();
        Assert.False(await PortsOf(storage).AnswerAsync(default));
        await storage.StartAgainAsync();

        Assert.True((await table.GetEntityIfExistsAsync<TableEntity>("p", "r")).HasValue);
        Assert.Equal("message", (await queue.ReceiveMessageAsync()).Value.MessageText);
        Assert.Equal("content", (await blobs.GetBlobClient("blob").DownloadContentAsync()).Value.Content.ToString());
    }

    [Fact]
    public async Task A_kill_ends_it_at_once_and_it_can_be_started_again_on_its_ports()
    {
        await using var storage = await StorageEmulator.StartOnDiskAsync();
        await storage.KillAsync();
        Assert.False(await PortsOf(storage).AnswerAsync(default));
        await storage.StartAgainAsync();
        Assert.True(await PortsOf(storage).AnswerAsync(default));
    }

    private static AzuritePorts PortsOf(StorageEmulator storage) => new(storage.BlobPort, storage.QueuePort, storage.TablePort);
}
