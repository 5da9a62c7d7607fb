namespace CloudRewind.Domain.Assemblies;

/// <summary>How to reach the AWS account that holds an assembly's resources.</summary>
/// <param name="RoleArn">The IAM role to assume.</param>
/// <param name="ExternalId">The external id that the role's trust policy asks for; null where it asks for none.</param>
public sealed record CloudConnection(string RoleArn, string? ExternalId);
