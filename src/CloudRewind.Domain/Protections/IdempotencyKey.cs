namespace CloudRewind.Domain.Protections;

/// <summary>Lets a client repeat a request without asking for a second protection.</summary>
/// <param name="Key">The client's key, unique within one assembly.</param>
/// <param name="Fingerprint">A digest of what was asked for: the same key with another fingerprint is another request, and is refused.</param>
public sealed record IdempotencyKey(string Key, string Fingerprint);
