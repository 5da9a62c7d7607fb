namespace CloudRewind.Domain.Protections;

/// <summary>Lets a client repeat a request without asking for a second protection.</summary>
/// <param name="Key">The client's key, unique within one assembly.</param>
/// <param name="Fingerprint">A digest of what was asked for: the same key with another fingerprint is another request, and is refused.</param>
public sealed record IdempotencyKey(string Key, string Fingerprint)
{
    /// <summary>What a request comes to whose key was used before.</summary>
    /// <param name="earlier">The protection that the earlier request made.</param>
    /// <param name="fingerprint">The earlier request's fingerprint.</param>
    public CreateResult Replay(Protection earlier, string fingerprint) =>
        fingerprint == Fingerprint ? new CreateResult.Accepted(earlier, Replayed: true) : new CreateResult.IdempotencyKeyReused();
}
