using CloudRewind.Domain.Watchdog;

namespace CloudRewind.Domain.Driving;

/// <summary>
/// The outstanding work of every kind, by the time at which the watchdog looks at it. Work is listed before the decision that creates it, so that none is
/// forgotten. An item that is left over is harmless: the watchdog removes it.
/// </summary>
/// <remarks>Every method throws <see cref="StoreUnavailableException"/> if storage does not answer.</remarks>
public interface IWorkList
{
    /// <summary>Lists work, or makes listed work due again.</summary>
    /// <param name="key">The work.</param>
    /// <param name="expectedAt">From when on a step is expected and the work is due, in UTC.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>A claim, for <see cref="CompleteAsync(WorkKey, string?, CancellationToken)"/>. No other caller gets the same one.</returns>
    Task<string> EnsureAsync(WorkKey key, DateTimeOffset expectedAt, CancellationToken cancellationToken);

    /// <summary>Claims listed work, so that the claims of others no longer complete it.</summary>
    /// <returns>The claim; null if the work is not listed.</returns>
    Task<string?> ClaimAsync(WorkKey key, CancellationToken cancellationToken);

    /// <summary>Reads <see cref="WorkItem.Generation"/>.</summary>
    /// <returns>Null if the work is not listed.</returns>
    Task<int?> FindGenerationAsync(WorkKey key, CancellationToken cancellationToken);

    /// <summary>Lists the work that is due. Nothing else is read, however much work there is.</summary>
    /// <param name="now">Now, in UTC.</param>
    /// <param name="unreadable">Is called for each row that cannot be read; the list continues after it.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    IAsyncEnumerable<WorkItem> ListDueAsync(DateTimeOffset now, Action<UnreadableRow> unreadable, CancellationToken cancellationToken);

    /// <summary>Lists the work that is due after an instant. Only a clock that was ahead writes what is later than <see cref="WatchPolicy.LongestUnread"/> from now.</summary>
    /// <param name="after">The instant, in UTC.</param>
    /// <param name="unreadable">Is called for each row that cannot be read; the list continues after it.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    IAsyncEnumerable<WorkItem> ListAfterAsync(DateTimeOffset after, Action<UnreadableRow> unreadable, CancellationToken cancellationToken);

    /// <summary>Moves a listed item to another due time, and stores its <see cref="WorkItem.Generation"/> and <see cref="WorkItem.OverdueAt"/>.</summary>
    /// <param name="item">The item as it was listed.</param>
    /// <param name="changed">What it becomes.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>False if the item has changed since, or is gone; then nothing is written.</returns>
    Task<bool> PostponeAsync(WorkItem item, WorkItem changed, CancellationToken cancellationToken);

    /// <summary>Removes a listed item, unless it has changed since.</summary>
    Task CompleteAsync(WorkItem item, CancellationToken cancellationToken);

    /// <summary>Removes work from the list. It may be gone already.</summary>
    /// <param name="key">The work.</param>
    /// <param name="claim">If given, the work stays unless this is the latest claim.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task CompleteAsync(WorkKey key, string? claim, CancellationToken cancellationToken);
}
