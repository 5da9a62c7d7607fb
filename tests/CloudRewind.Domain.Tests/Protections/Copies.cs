using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;

namespace CloudRewind.Domain.Tests.Protections;

/// <summary>Protections of one assembly.</summary>
internal static class Copies
{
    public static readonly AssemblyKey Assembly = new(1, "demo", 7);
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly Actor Person = new("alice", "token-1", "request-1");
    public static readonly Actor Rule = Actor.Retention("look-1");

    /// <summary>A protection in a state, created so many milliseconds after the start, whose retention ends a day later.</summary>
    public static Protection At(long milliseconds, ProtectionStatus status, long policyId = 0) => new()
    {
        Id = new ProtectionId(Assembly, policyId, milliseconds),
        Name = "Demo",
        Status = status,
        Sequence = 4,
        CreatedAt = Start.AddMilliseconds(milliseconds),
        UpdatedAt = Start.AddMilliseconds(milliseconds),
        ExpiresAt = Start.AddDays(1),
        Outcome = status.IsOutcome() ? status : null,
        Counts = ResourceCounts.None,
    };
}
