namespace Microsoft.DurableTask;

/// <summary>Items that are read as they are asked for.</summary>
/// <typeparam name="T">The item.</typeparam>
public abstract class AsyncPageable<T> : IAsyncEnumerable<T>
    where T : notnull
{
    /// <inheritdoc />
    public abstract IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default);
}
