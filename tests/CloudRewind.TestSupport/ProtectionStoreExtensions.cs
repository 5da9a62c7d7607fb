using CloudRewind.Domain.Protections;

namespace CloudRewind.TestSupport;

/// <summary>What tests ask of a store of protections.</summary>
public static class ProtectionStoreExtensions
{
    /// <summary>Records a transition as a writer that knows nothing of the protection.</summary>
    public static async Task<RecordResult> RecordAsync(this IProtectionStore store, ProtectionTransition transition, CancellationToken cancellationToken) =>
        (await store.RecordAsync(transition, known: null, inventory: null, cancellationToken)).Result;
}
