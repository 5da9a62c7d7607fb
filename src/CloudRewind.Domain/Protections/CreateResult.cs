namespace CloudRewind.Domain.Protections;

/// <summary>What came of asking for a protection.</summary>
public abstract record CreateResult
{
    private CreateResult() { }

    /// <summary>The protection is there; its orchestration may still have to be started.</summary>
    /// <param name="Protection">The protection.</param>
    /// <param name="Replayed">Whether an earlier request with the same idempotency key had created it.</param>
    public sealed record Accepted(Protection Protection, bool Replayed) : CreateResult;

    /// <summary>Another protection of the assembly is before its outcome.</summary>
    /// <param name="Running">That protection.</param>
    public sealed record AssemblyBusy(ProtectionId Running) : CreateResult;

    /// <summary>The assembly is being deleted, and takes no new protection.</summary>
    public sealed record AssemblyClosed : CreateResult;

    /// <summary>The idempotency key was used with another request.</summary>
    public sealed record IdempotencyKeyReused : CreateResult;
}
