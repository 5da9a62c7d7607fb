using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;

namespace CloudRewind.Functions.Orchestrations.AssemblyDeletion;

/// <summary>Some of the protections of an assembly that is being deleted.</summary>
/// <param name="Assembly">The assembly.</param>
/// <param name="By">Of the orchestration's input.</param>
/// <param name="Generation">Of the orchestration's input.</param>
/// <param name="Range">The batch is the newest of these.</param>
/// <param name="WakesAgain">Whether orchestrations that have been told to prune are told again.</param>
public sealed record DeletionBatch(AssemblyKey Assembly, Actor By, int Generation, CreationRange Range, bool WakesAgain);
