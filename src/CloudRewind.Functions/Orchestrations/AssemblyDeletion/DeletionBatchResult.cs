namespace CloudRewind.Functions.Orchestrations.AssemblyDeletion;

/// <summary>What a batch came to.</summary>
/// <param name="Left">How many protections of the batch have not elapsed.</param>
/// <param name="Pending">Where those are; null where none is left.</param>
/// <param name="Rest">What the batch did not come to; null where that is nothing.</param>
public sealed record DeletionBatchResult(int Left, CreationRange? Pending, CreationRange? Rest);
