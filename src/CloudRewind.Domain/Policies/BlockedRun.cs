using CloudRewind.Domain.Protections;

namespace CloudRewind.Domain.Policies;

/// <summary>A due time whose protection could not start yet.</summary>
/// <param name="DueAt">The due time, in UTC.</param>
/// <param name="Running">The protection that ran instead, when it was last looked at.</param>
public sealed record BlockedRun(DateTimeOffset DueAt, ProtectionId Running);
