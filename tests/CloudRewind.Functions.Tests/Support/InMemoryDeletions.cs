using System.Runtime.CompilerServices;
using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Watchdog;

namespace CloudRewind.Functions.Tests.Support;

/// <summary>The watchdog's list of deletions.</summary>
internal sealed class InMemoryDeletions : IUnfinishedDeletions
{
    private int latestClaim;

    public List<UnfinishedDeletion> Rows { get; } = [];

    /// <summary>Whether it cannot be read.</summary>
    public bool IsBroken { get; set; }

    public Task<string> AddAsync(AssemblyKey assembly, DateTimeOffset requestedAt, CancellationToken cancellationToken)
    {
        if (Rows.All(row => row.Assembly != assembly))
            Rows.Add(new UnfinishedDeletion(assembly, requestedAt));
        return Task.FromResult($"{++latestClaim}");
    }

    public Task<string?> ClaimAsync(AssemblyKey assembly, CancellationToken cancellationToken) =>
        Task.FromResult(Rows.Any(row => row.Assembly == assembly) ? $"{++latestClaim}" : null);

    public Task<int?> FindGenerationAsync(AssemblyKey assembly, CancellationToken cancellationToken) =>
        Task.FromResult(Rows.Find(row => row.Assembly == assembly)?.Generation);

    public Task<bool> UpdateAsync(UnfinishedDeletion deletion, CancellationToken cancellationToken)
    {
        var at = Rows.FindIndex(row => row.Assembly == deletion.Assembly);
        if (at >= 0)
            Rows[at] = deletion;
        return Task.FromResult(at >= 0);
    }

    public async IAsyncEnumerable<UnfinishedDeletion> ListAsync(Action<UnreadableRow> unreadable, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (IsBroken)
            throw new StoreUnavailableException("cannot be read", new IOException());
        foreach (var row in Rows.ToList())
        {
            await Task.Yield();
            yield return row;
        }
    }

    public Task RemoveAsync(AssemblyKey assembly, string? version, CancellationToken cancellationToken)
    {
        if (version is null || version == $"{latestClaim}")
            Rows.RemoveAll(row => row.Assembly == assembly);
        return Task.CompletedTask;
    }
}
