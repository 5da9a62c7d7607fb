using Azure;
using Azure.Identity;
using CloudRewind.Domain;

namespace CloudRewind.Storage.Tables;

/// <summary>Turns what the Table Storage client throws into the one exception that the domain knows.</summary>
internal static class StorageFaults
{
    /// <summary>Runs an operation against storage.</summary>
    /// <param name="what">What it does, to follow "could not".</param>
    /// <param name="operation">The operation.</param>
    /// <param name="cancellation">The caller's wish to stop, which is not a fault of storage.</param>
    /// <exception cref="StoreUnavailableException">Storage failed.</exception>
    public static async Task<T> GuardAsync<T>(string what, Func<Task<T>> operation, CancellationToken cancellation)
    {
        try
        {
            return await operation();
        }
        catch (Exception error) when (IsFault(error, cancellation))
        {
            throw new StoreUnavailableException($"Table Storage could not {what}: {Summary(error)}", error);
        }
    }

    /// <inheritdoc cref="GuardAsync{T}"/>
    public static Task GuardAsync(string what, Func<Task> operation, CancellationToken cancellation) =>
        GuardAsync(what, async () =>
        {
            await operation();
            return true;
        }, cancellation);

    /// <summary>Whether the write was refused because somebody else wrote first.</summary>
    public static bool IsLostRace(this RequestFailedException error) =>
        error.ErrorCode is "EntityAlreadyExists" or "UpdateConditionNotSatisfied" or "ConditionNotMet" || error.Status == 412;

    private static bool IsFault(Exception error, CancellationToken cancellation) => error switch
    {
        OperationCanceledException => !cancellation.IsCancellationRequested,
        RequestFailedException or AggregateException or IOException or HttpRequestException or AuthenticationFailedException => true,
        _ => false,
    };

    // The client's own messages hold whole responses, headers and all.
    private static string Summary(Exception error) => error switch
    {
        RequestFailedException { Status: > 0 } failed => $"{failed.Status} {failed.ErrorCode}",
        AggregateException { InnerExceptions: [.., var last] } => Summary(last),
        _ => error.Message.Split('\n')[0].TrimEnd(),
    };
}
