namespace CloudRewind.Domain;

/// <summary>Whether the store is ready to be used.</summary>
/// <remarks>Every method throws <see cref="StoreUnavailableException"/> where the store does not answer.</remarks>
public interface IStoreHealth
{
    /// <summary>Creates what the store needs and does not have yet. Repeating it is harmless.</summary>
    Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Returns once the store has answered. One that was never prepared counts as unavailable.</summary>
    Task CheckAsync(CancellationToken cancellationToken);
}
