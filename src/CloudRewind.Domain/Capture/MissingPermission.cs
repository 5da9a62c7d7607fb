namespace CloudRewind.Domain.Capture;

/// <summary>A permission that a protection needs and that the connection does not have.</summary>
/// <param name="Permission">The permission, such as the IAM action <c>ec2:CreateSnapshots</c>.</param>
/// <param name="Reason">What AWS says, for a person to read.</param>
public sealed record MissingPermission(string Permission, string Reason);
