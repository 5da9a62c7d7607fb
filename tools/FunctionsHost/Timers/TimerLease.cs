using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace CloudRewind.FunctionsHost.Timers;

/// <summary>
/// A timer's blob, held by one host at a time, with the timer's state in it. The host that holds it renews its lease;
/// when it is gone, another has it <see cref="Duration"/> later at most.
/// </summary>
internal sealed class TimerLease : IAsyncDisposable
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(15); // the shortest there is
    private static readonly TimeSpan RenewalInterval = Duration / 3;

    private readonly BlobClient blob;
    private readonly BlobLeaseClient lease;
    private readonly CancellationTokenSource lost = new();
    private readonly Task renewal;

    private TimerLease(BlobClient blob, BlobLeaseClient lease)
    {
        (this.blob, this.lease) = (blob, lease);
        renewal = RenewAsync();
    }

    /// <summary>Cancelled once another host may hold the timer.</summary>
    public CancellationToken Lost => lost.Token;

    /// <summary>Waits until no other host holds the timer.</summary>
    /// <exception cref="RequestFailedException">Storage does not answer.</exception>
    public static async Task<TimerLease> AcquireAsync(BlobClient blob, CancellationToken cancellationToken)
    {
        var lease = blob.GetBlobLeaseClient();
        while (true)
        {
            try
            {
                await lease.AcquireAsync(Duration, cancellationToken: cancellationToken);
                return new TimerLease(blob, lease);
            }
            catch (RequestFailedException error) when (error.Status == 409)
            {
                await Task.Delay(RenewalInterval, cancellationToken);
            }
            catch (RequestFailedException error) when (error.Status == 404)
            {
                await CreateAsync(blob, cancellationToken);
            }
        }
    }

    /// <summary>The timer's state; null where it has never run.</summary>
    public async Task<TimerState?> ReadAsync(CancellationToken cancellationToken)
    {
        var content = (await blob.DownloadContentAsync(cancellationToken)).Value.Content;
        return content.ToMemory().IsEmpty ? null : content.ToObjectFromJson<TimerState>();
    }

    /// <summary>Writes the timer's state.</summary>
    public Task WriteAsync(TimerState state, CancellationToken cancellationToken) => blob.UploadAsync(
        BinaryData.FromString(JsonSerializer.Serialize(state)),
        new BlobUploadOptions { Conditions = new BlobRequestConditions { LeaseId = lease.LeaseId } },
        cancellationToken);

    /// <summary>Lets another host have it at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await lost.CancelAsync();
        await renewal;
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            await lease.ReleaseAsync(cancellationToken: limit.Token);
        }
        catch (Exception)
        {
            // It ends by itself.
        }

        lost.Dispose();
    }

    private static async Task CreateAsync(BlobClient blob, CancellationToken cancellationToken)
    {
        await blob.GetParentBlobContainerClient().CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        try
        {
            await blob.UploadAsync(BinaryData.Empty, overwrite: false, cancellationToken);
        }
        catch (RequestFailedException error) when (error.Status is 409 or 412)
        {
            // Another host was faster.
        }
    }

    private async Task RenewAsync()
    {
        var token = lost.Token;
        var renewed = TimeProvider.System.GetTimestamp();
        try
        {
            while (true)
            {
                await Task.Delay(RenewalInterval, token);
                try
                {
                    await lease.RenewAsync(cancellationToken: token);
                    renewed = TimeProvider.System.GetTimestamp();
                }
                catch (Exception error) when (error is RequestFailedException or AggregateException or IOException
                    && error is not RequestFailedException { Status: 404 or 409 or 412 }
                    && TimeProvider.System.GetElapsedTime(renewed) < Duration - RenewalInterval)
                {
                    // Storage may answer the next time; until then the lease holds.
                }
            }
        }
        catch (Exception)
        {
            await lost.CancelAsync();
        }
    }
}
