using Azure;
using Azure.Core;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;

namespace CloudRewind.FunctionsHost;

/// <summary>
/// Asks the host's storage before the Durable extension does, which would say at length, and late, that it does not
/// answer.
/// </summary>
internal sealed class StorageProbe
{
    private static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPatience = TimeSpan.FromSeconds(60);

    private readonly BlobServiceClient blobs;
    private readonly QueueServiceClient queues;
    private readonly TableServiceClient tables;

    /// <exception cref="HostStartException">The connection string is not one for all three. It may hold a key: the
    /// message does not repeat it.</exception>
    public StorageProbe(string connectionString)
    {
        try
        {
            blobs = new BlobServiceClient(connectionString, Once(new BlobClientOptions()));
            queues = new QueueServiceClient(connectionString, Once(new QueueClientOptions()));
            tables = new TableServiceClient(connectionString, Once(new TableClientOptions()));
        }
        catch (Exception error) when (error is FormatException or ArgumentException or InvalidOperationException)
        {
            throw new HostStartException(
                "AzureWebJobsStorage is not a connection string for blobs, queues and tables; it must look like " +
                "'DefaultEndpointsProtocol=https;AccountName=...;AccountKey=...' or be 'UseDevelopmentStorage=true'.");
        }
    }

    /// <summary>Waits until blobs, queues and tables answer.</summary>
    /// <exception cref="HostStartException">Storage refuses the connection string.</exception>
    public async Task WaitUntilItAnswersAsync(ILogger log, CancellationToken cancellationToken)
    {
        for (var patience = FirstPatience; ; patience = patience * 2 < LongestPatience ? patience * 2 : LongestPatience)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(patience); // on a busy machine storage answers late: a limit that never grew would never be met
            try
            {
                await blobs.GetPropertiesAsync(limit.Token);
                await queues.GetPropertiesAsync(limit.Token);
                await tables.GetPropertiesAsync(limit.Token);
                return;
            }
            catch (RequestFailedException error) when (error.Status is 0 or >= 500)
            {
                log.LogWarning("Storage does not answer yet: {Message}", FirstLine(error));
            }
            catch (Exception error)
                when (error is OperationCanceledException or AggregateException && !cancellationToken.IsCancellationRequested)
            {
                log.LogWarning("Storage does not answer within {Seconds} s", patience.TotalSeconds);
            }
            catch (RequestFailedException error)
            {
                throw new HostStartException($"The storage that AzureWebJobsStorage names refuses the host: {FirstLine(error)}");
            }

            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        }
    }

    private static T Once<T>(T options)
        where T : ClientOptions
    {
        options.Retry.MaxRetries = 0;
        options.Retry.NetworkTimeout = LongestPatience;
        return options;
    }

    private static string FirstLine(Exception error) => error.Message.Split('\n')[0].Trim();
}
