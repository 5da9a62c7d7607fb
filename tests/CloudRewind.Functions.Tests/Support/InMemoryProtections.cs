using CloudRewind.Protections;
using CloudRewind.Protections.Assemblies;

namespace CloudRewind.Functions.Tests.Support;

/// <summary>Protections to be found.</summary>
internal sealed class InMemoryProtections : IProtectionStore
{
    public Dictionary<ProtectionId, Protection> Rows { get; } = [];

    /// <summary>The one that cannot be read.</summary>
    public ProtectionId? Broken { get; set; }

    public Task<Protection?> FindAsync(ProtectionId id, CancellationToken cancellation) =>
        id == Broken ? throw new StoreUnavailableException("cannot be read", new IOException()) : Task.FromResult(Rows.GetValueOrDefault(id));

    public Task<CreateResult> CreateAsync(NewProtection request, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<RecordResult> RecordAsync(ProtectionTransition transition, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<bool> RequestPruneAsync(ProtectionId id, DateTimeOffset at, CancellationToken cancellation) => throw new NotSupportedException();

    public Task CloseAsync(AssemblyKey assembly, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<bool> MarkAssemblyIsBeingDeletedAsync(ProtectionId id, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<ProtectionPage> ListAsync(ProtectionQuery query, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<IReadOnlyList<ProtectionTransition>> GetTimelineAsync(ProtectionId id, CancellationToken cancellation) => throw new NotSupportedException();
}
