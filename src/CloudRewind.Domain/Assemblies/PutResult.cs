using CloudRewind.Domain.Changes;

namespace CloudRewind.Domain.Assemblies;

/// <summary>What came of putting an assembly.</summary>
public abstract record PutResult
{
    private PutResult() { }

    /// <summary>It is what was asked for.</summary>
    /// <param name="Assembly">The assembly as it stands then.</param>
    /// <param name="Change">What changed.</param>
    public sealed record Accepted(CloudAssembly Assembly, Change Change) : PutResult;

    /// <summary>Refused: it is not in a version that the caller allows to be replaced.</summary>
    public sealed record ConditionFailed : PutResult;

    /// <summary>Refused: it is being deleted, or is deleted.</summary>
    public sealed record AssemblyDeleted : PutResult;
}
