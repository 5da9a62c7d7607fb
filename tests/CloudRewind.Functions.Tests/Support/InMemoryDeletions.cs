using System.Runtime.CompilerServices;
using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Watchdog;

namespace CloudRewind.Functions.Tests.Support;

/// <summary>The watchdog's list of deletions.</summary>
internal sealed class InMemoryDeletions : IUnfinishedDeletions
{
    public List<UnfinishedDeletion> Rows { get; } = [];

    /// <summary>Whether it cannot be read.</summary>
    public bool IsBroken { get; set; }

    public Task AddAsync(AssemblyKey assembly, DateTimeOffset requestedAt, CancellationToken cancellationToken) => throw new NotSupportedException();

    public async IAsyncEnumerable<UnfinishedDeletion> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (IsBroken)
            throw new StoreUnavailableException("cannot be read", new IOException());
        foreach (var row in Rows)
        {
            await Task.Yield();
            yield return row;
        }
    }

    public Task RemoveAsync(AssemblyKey assembly, CancellationToken cancellationToken) => throw new NotSupportedException();
}
