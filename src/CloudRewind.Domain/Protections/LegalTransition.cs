namespace CloudRewind.Domain.Protections;

/// <summary>One row of the table of legal transitions.</summary>
/// <param name="From">The state before; null where the protection did not exist.</param>
/// <param name="To">The state after.</param>
/// <param name="When">What is true when this transition is made.</param>
public sealed record LegalTransition(ProtectionStatus? From, ProtectionStatus To, string When);
