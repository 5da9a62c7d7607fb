using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;

namespace CloudRewind.Functions.Tests.Support;

/// <summary>Protections to be found.</summary>
internal sealed class InMemoryProtections : IProtectionStore
{
    private int reads;

    public Dictionary<ProtectionId, Protection> Rows { get; } = [];

    /// <summary>The one that cannot be read.</summary>
    public ProtectionId? Broken { get; set; }

    /// <summary>How often one was looked for.</summary>
    public int Reads => reads;

    public Task<Protection?> FindAsync(ProtectionId id, CancellationToken cancellation)
    {
        Interlocked.Increment(ref reads);
        return id == Broken ? throw new StoreUnavailableException("cannot be read", new IOException()) : Task.FromResult(Rows.GetValueOrDefault(id));
    }

    public Task<CreateResult> CreateAsync(NewProtection request, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<CreateResult?> FindEarlierAsync(AssemblyKey assembly, IdempotencyKey key, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<RecordResult> RecordAsync(ProtectionTransition transition, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<bool> RequestPruneAsync(ProtectionId id, DateTimeOffset at, CancellationToken cancellation) => throw new NotSupportedException();

    public Task CloseAsync(AssemblyKey assembly, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<bool> MarkAssemblyIsBeingDeletedAsync(ProtectionId id, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<ProtectionPage> ListAsync(ProtectionQuery query, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<IReadOnlyList<ProtectionTransition>> GetTimelineAsync(ProtectionId id, CancellationToken cancellation) => throw new NotSupportedException();
}
