using CloudRewind.Domain.Protections;

namespace CloudRewind.Domain.Watchdog;

/// <summary>
/// The small table that the watchdog reads. A row is there before its protection is, and until after its last state, so that no
/// protection can be forgotten; a row that is left over is harmless. A copy that only its policy's count will end is not on it: who ends it puts it on it first.
/// </summary>
/// <remarks>Every method throws <see cref="StoreUnavailableException"/> where storage does not answer.</remarks>
public interface IUnfinishedProtections
{
    /// <summary>Puts a protection on the list, or leaves it there, due at once.</summary>
    /// <param name="id">The protection.</param>
    /// <param name="at">Now, in UTC.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task AddAsync(ProtectionId id, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>
    /// The protections that are due to be looked at. One that is due later than <see cref="WatchPolicy.LongestUnread"/> from now was written by a clock that was
    /// turned back since, and is due.
    /// </summary>
    /// <param name="now">Now, in UTC.</param>
    /// <param name="unreadable">Is told of each row that cannot be read; the list goes on after it.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    IAsyncEnumerable<UnfinishedProtection> ListDueAsync(DateTimeOffset now, Action<UnreadableRow> unreadable, CancellationToken cancellationToken);

    /// <summary>Says from when on a protection is due to be looked at, whatever was said before. One that is not on the list stays off it.</summary>
    /// <param name="id">The protection.</param>
    /// <param name="dueAt">When the next look is due, in UTC.</param>
    /// <param name="overdueAt">The row's <see cref="UnfinishedProtection.OverdueAt"/> from now on; null: it stays what it is.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task SetDueAsync(ProtectionId id, DateTimeOffset dueAt, DateTimeOffset? overdueAt, CancellationToken cancellationToken);

    /// <summary>Takes a protection off the list, unless somebody has written its row again since it was read.</summary>
    Task RemoveUnchangedAsync(UnfinishedProtection row, CancellationToken cancellationToken);

    /// <summary>Takes a protection off the list. It may be gone already.</summary>
    Task RemoveAsync(ProtectionId id, CancellationToken cancellationToken);
}
