using CloudRewind.Domain.Assemblies;

namespace CloudRewind.Domain.Protections;

/// <summary>A protection that is asked for.</summary>
/// <param name="Assembly">The assembly to protect.</param>
/// <param name="PolicyId">The policy that asks; 0 is on demand.</param>
/// <param name="Name">What a person calls it.</param>
/// <param name="Retention">How long its data is kept, counted from its creation; null where its policy's count, and no time, ends that.</param>
/// <param name="RequestedAt">When it was asked for, in UTC.</param>
/// <param name="Idempotency">How to know the same request again; null where the client gave no key.</param>
public sealed record NewProtection(
    AssemblyKey Assembly,
    long PolicyId,
    string Name,
    TimeSpan? Retention,
    DateTimeOffset RequestedAt,
    IdempotencyKey? Idempotency)
{
    /// <summary>Who asks for it; null where that is not known.</summary>
    public Actor? By { get; init; }

    /// <summary>What the policy that asks is called; null where none does, or it is not known.</summary>
    public string? PolicyName { get; init; }

    /// <summary>Whether the request itself names the retention.</summary>
    public bool RetentionIsAsked { get; init; }

    /// <summary>The due time of its policy that it is for, in UTC; null where it was asked for.</summary>
    public DateTimeOffset? DueAt { get; init; }
}
