using CloudRewind.Domain.Changes;

namespace CloudRewind.Domain.Policies;

/// <summary>What came of creating, replacing or deleting a policy.</summary>
public abstract record PolicyResult
{
    private PolicyResult() { }

    /// <summary>It is what was asked for.</summary>
    /// <param name="Policy">The policy as it stands then, or stood last.</param>
    /// <param name="Change">What changed.</param>
    public sealed record Accepted(ProtectionPolicy Policy, Change Change) : PolicyResult;

    /// <summary>Refused: another policy of the assembly has that name.</summary>
    /// <param name="Other">That policy.</param>
    /// <param name="Name">That policy's name, which may differ in the case of its letters.</param>
    public sealed record NameTaken(PolicyKey Other, string Name) : PolicyResult;

    /// <summary>Refused: the assembly has <see cref="ProtectionPolicy.MostOfAssembly"/> already.</summary>
    public sealed record TooMany : PolicyResult;

    /// <summary>Refused: the assembly is being deleted.</summary>
    public sealed record AssemblyClosed : PolicyResult;

    /// <summary>Refused: there is no such policy.</summary>
    public sealed record NoSuchPolicy : PolicyResult;

    /// <summary>Refused: it is not in a version that the caller allows to be changed.</summary>
    public sealed record ConditionFailed : PolicyResult;
}
