using System.Runtime.CompilerServices;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Watchdog;

namespace CloudRewind.Functions.Tests.Support;

/// <summary>The watchdog's list of deletions.</summary>
internal sealed class InMemoryDeletions : IUnfinishedDeletions
{
    public List<UnfinishedDeletion> Rows { get; } = [];

    public Task AddAsync(AssemblyKey assembly, DateTimeOffset requestedAt, CancellationToken cancellation) => throw new NotSupportedException();

    public async IAsyncEnumerable<UnfinishedDeletion> ListAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var row in Rows)
        {
            await Task.Yield();
            yield return row;
        }
    }

    public Task RemoveAsync(AssemblyKey assembly, CancellationToken cancellation) => throw new NotSupportedException();
}
