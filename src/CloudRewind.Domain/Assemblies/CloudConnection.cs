using System.Text.Json.Serialization;

namespace CloudRewind.Domain.Assemblies;

/// <summary>How to reach the AWS account that holds an assembly's resources.</summary>
/// <param name="RoleArn">The IAM role to assume.</param>
/// <param name="ExternalId">
/// The external id that the role's trust policy asks for; null where it asks for none. It is never shown, so a client cannot send it back.
/// </param>
public sealed record CloudConnection(string RoleArn, string? ExternalId)
{
    /// <summary>The AWS account with its partition, such as <c>aws:123456789012</c>; empty where the role's ARN does not name them.</summary>
    [JsonIgnore]
    public string Account => RoleArn.Split(':') is ["arn", var partition, _, _, var account, ..] ? $"{partition}:{account}" : "";

    /// <summary>Whether the role is in the partition of a region: it can be assumed in no other one.</summary>
    public bool CanReach(string region) => AwsPartition.OfArn(RoleArn) == AwsPartition.OfRegion(region);

    /// <summary>The connection in place of an earlier one: without an external id it keeps that one's, for the same role only.</summary>
    internal CloudConnection After(CloudConnection earlier) => ExternalId is null && RoleArn == earlier.RoleArn ? earlier : this;
}
