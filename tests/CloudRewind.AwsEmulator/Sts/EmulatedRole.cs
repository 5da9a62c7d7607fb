namespace CloudRewind.AwsEmulator.Sts;

/// <summary>An IAM role: who may assume it, and what it may do.</summary>
/// <param name="Arn">Its ARN.</param>
/// <param name="ExternalId">The external id that its trust policy asks for; null: none.</param>
/// <param name="Policy">Its policy document; null: it may do everything.</param>
/// <param name="TrustedRoles">The roles whose sessions may assume it; null: anybody's.</param>
/// <param name="Web">What a web identity's token must say; null: none is taken.</param>
public sealed record EmulatedRole(
    string Arn, string? ExternalId = null, Iam.Policy? Policy = null, IReadOnlyList<string>? TrustedRoles = null, WebIdentity? Web = null)
{
    /// <summary>Its maximum session duration.</summary>
    public int LongestSessionSeconds { get; init; } = 3_600;

    public string Name => Arn[(Arn.LastIndexOf('/') + 1)..];

    public string Account => Arn.Split(':')[4];
}
