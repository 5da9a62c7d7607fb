namespace CloudRewind.Domain.Policies;

/// <summary>
/// The policies by when they have to be looked at: an index of policies, which says nothing of its own. A row is written before what makes it necessary, so
/// that no policy is forgotten; one that is left over, or comes twice, is harmless.
/// </summary>
/// <remarks>Every method throws <see cref="StoreUnavailableException"/> where storage does not answer.</remarks>
public interface IDuePolicies
{
    /// <summary>Says that a policy has to be looked at.</summary>
    Task AddAsync(PolicyKey key, DateTimeOffset dueAt, CancellationToken cancellationToken);

    /// <summary>What is due. Nothing that is not is read, however many policies there are.</summary>
    /// <param name="now">Now, in UTC.</param>
    /// <param name="unreadable">Is told of each row that cannot be read; the list goes on after it.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    IAsyncEnumerable<DuePolicy> ListDueAsync(DateTimeOffset now, Action<UnreadableRow> unreadable, CancellationToken cancellationToken);

    /// <summary>What is due after an instant. After <see cref="ProtectionPolicy.LatestLook"/>, only a clock that was ahead can have written it.</summary>
    /// <param name="after">The instant, in UTC.</param>
    /// <param name="unreadable">Is told of each row that cannot be read; the list goes on after it.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    IAsyncEnumerable<DuePolicy> ListAfterAsync(DateTimeOffset after, Action<UnreadableRow> unreadable, CancellationToken cancellationToken);

    /// <summary>Takes a row out, unless somebody has written it again since it was read. It may be gone already.</summary>
    Task RemoveAsync(DuePolicy due, CancellationToken cancellationToken);
}
