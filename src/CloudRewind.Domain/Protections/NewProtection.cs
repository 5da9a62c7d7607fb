using CloudRewind.Domain.Assemblies;

namespace CloudRewind.Domain.Protections;

/// <summary>A protection that is asked for.</summary>
/// <param name="Assembly">The assembly to protect.</param>
/// <param name="PolicyId">The policy that asks; 0 is on demand.</param>
/// <param name="Name">What a person calls it.</param>
/// <param name="Retention">How long its data is kept, counted from its creation.</param>
/// <param name="RequestedAt">When it was asked for, in UTC.</param>
/// <param name="Idempotency">How to know the same request again; null where the client gave no key.</param>
public sealed record NewProtection(
    AssemblyKey Assembly,
    long PolicyId,
    string Name,
    TimeSpan Retention,
    DateTimeOffset RequestedAt,
    IdempotencyKey? Idempotency);
