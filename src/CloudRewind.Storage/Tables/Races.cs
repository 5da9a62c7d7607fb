using Azure;
using CloudRewind.Domain;

namespace CloudRewind.Storage.Tables;

/// <summary>Writes that are guarded by what was read before: whoever comes second reads again.</summary>
internal static class Races
{
    // A hundred writers of one row at once all come through, within a dozen attempts; more than this means that something else is wrong.
    private const int MaxAttempts = 30;
    private const double FirstPauseMilliseconds = 10;
    private const double MaxPauseMilliseconds = 2_000;

    /// <summary>Reads, decides and writes, and begins anew after a random and growing pause where somebody else wrote in between.</summary>
    /// <param name="what">What it does, to follow "could not".</param>
    /// <param name="attempt">Reads, decides and writes under the versions that it read. A lost race is an exception for which <see cref="IsLostRace"/> holds.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ConcurrencyException">Every attempt lost.</exception>
    /// <exception cref="StoreUnavailableException">Storage does not answer.</exception>
    public static Task<T> RetryAsync<T>(string what, Func<Task<T>> attempt, CancellationToken cancellationToken) =>
        StorageErrors.GuardAsync(what, async () =>
        {
            for (var lost = 0; ;)
            {
                try
                {
                    return await attempt();
                }
                catch (RequestFailedException error) when (error.IsLostRace())
                {
                    if (++lost == MaxAttempts)
                        throw new ConcurrencyException($"Table Storage could not {what}: others wrote first, {lost} times in a row.", error);
                }

                var limit = Math.Min(MaxPauseMilliseconds, FirstPauseMilliseconds * Math.Pow(2, lost));
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.NextDouble() * limit), cancellationToken);
            }
        }, cancellationToken);

    /// <summary>Writes, unless another writer was first.</summary>
    /// <returns>What the write returns; null where another writer was first: <see cref="IsLostRace"/>.</returns>
    public static async Task<T?> UnlessLostAsync<T>(Func<Task<T>> write)
        where T : class
    {
        try
        {
            return await write();
        }
        catch (RequestFailedException error) when (error.IsLostRace())
        {
            return null;
        }
    }

    /// <summary>A lost race that the caller has found out by itself; <see cref="IsLostRace"/> holds.</summary>
    public static RequestFailedException Lost() => new(412, "Another writer was first.");

    /// <summary>The version of the row that was written.</summary>
    public static string Version(this Response written) => written.Headers.ETag.ToString()!;

    /// <summary>Whether the write was refused because somebody else wrote first: the row is in another version, is there already, or is gone.</summary>
    public static bool IsLostRace(this RequestFailedException error) =>
        error.Status == 412 || error.ErrorCode is "EntityAlreadyExists" or "UpdateConditionNotSatisfied" or "ConditionNotMet" or "ResourceNotFound";
}
