using Azure;
using Azure.Core;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;

namespace CloudRewind.LocalHost;

/// <summary>Asks the host's storage before the Durable extension does, which would say at length, and late, that it does not answer.</summary>
internal static class StorageProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Waits until blobs, queues and tables answer.</summary>
    /// <exception cref="HostStartException">The connection string is invalid, or storage refuses it.</exception>
    public static async Task WaitUntilItAnswersAsync(string connectionString, ILogger log, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await new BlobServiceClient(connectionString, Once(new BlobClientOptions())).GetPropertiesAsync(cancellationToken);
                await new QueueServiceClient(connectionString, Once(new QueueClientOptions())).GetPropertiesAsync(cancellationToken);
                await new TableServiceClient(connectionString, Once(new TableClientOptions())).GetPropertiesAsync(cancellationToken);
                return;
            }
            catch (RequestFailedException error) when (error.Status is 0 or >= 500)
            {
                log.LogWarning("Storage does not answer yet: {Message}", FirstLine(error));
            }
            catch (Exception error) when (error is TaskCanceledException or AggregateException && !cancellationToken.IsCancellationRequested)
            {
                log.LogWarning("Storage does not answer within {Seconds} s", Patience.TotalSeconds);
            }
            catch (Exception error) when (error is FormatException or ArgumentException or RequestFailedException)
            {
                throw new HostStartException($"AzureWebJobsStorage must be a connection string for blobs, queues and tables: {FirstLine(error)}");
            }

            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        }
    }

    private static T Once<T>(T options)
        where T : ClientOptions
    {
        options.Retry.MaxRetries = 0;
        options.Retry.NetworkTimeout = Patience;
        return options;
    }

    private static string FirstLine(Exception error) => error.Message.Split('\n')[0].Trim();
}
