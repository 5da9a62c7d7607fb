namespace CloudRewind.AwsEmulator.Sts;

/// <summary>What a role's trust policy demands of a web identity's token.</summary>
public sealed record WebIdentity(string Issuer, string Audience, string Subject);
