using System.Net;
using Azure;
using Azure.Identity;
using CloudRewind.Domain;

namespace CloudRewind.Storage.Tables;

/// <summary>Tells an outage, which the domain knows and which passes, from an error, which goes through as it is: trying again would not help.</summary>
public static class StorageErrors
{
    /// <summary>Runs an operation against storage.</summary>
    /// <param name="what">What it does, to follow "could not".</param>
    /// <param name="operation">The operation.</param>
    /// <param name="cancellationToken">The caller's wish to stop, which is no outage.</param>
    /// <exception cref="StoreUnavailableException">Storage did not answer, or asked for patience.</exception>
    public static async Task<T> GuardAsync<T>(string what, Func<Task<T>> operation, CancellationToken cancellationToken)
    {
        try
        {
            return await operation();
        }
        catch (Exception error) when (IsOutage(error, cancellationToken))
        {
            throw new StoreUnavailableException($"Table Storage could not {what}: {Summary(error)}", error);
        }
    }

    /// <inheritdoc cref="GuardAsync{T}"/>
    public static Task GuardAsync(string what, Func<Task> operation, CancellationToken cancellationToken) =>
        GuardAsync(what, async () =>
        {
            await operation();
            return true;
        }, cancellationToken);

    private static bool IsOutage(Exception error, CancellationToken cancellationToken) => error switch
    {
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        RequestFailedException failed => IsOutage(failed),
        AggregateException several => several.InnerExceptions.All(inner => IsOutage(inner, cancellationToken)), // one for each of the client's attempts
        IOException or HttpRequestException or AuthenticationFailedException => true,
        _ => false,
    };

    private static bool IsOutage(RequestFailedException error) => (HttpStatusCode)error.Status switch
    {
        0 => true, // no answer
        HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => true,
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => true, // a new identity's roles take minutes to arrive
        HttpStatusCode.NotFound => error.ErrorCode == "TableNotFound", // the app is about to create it
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
