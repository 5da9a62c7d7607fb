namespace CloudRewind.Domain.Assemblies;

/// <summary>A partition of AWS. Its regions, accounts and roles are separate from those of every other partition.</summary>
/// <param name="Name">The name in ARNs, such as <c>aws-cn</c>.</param>
/// <param name="HomeRegion">A region that is enabled in every account, such as <c>cn-north-1</c>.</param>
/// <seealso href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html"/>
public sealed record AwsPartition(string Name, string HomeRegion)
{
    private static readonly AwsPartition Commercial = new("aws", "us-east-1");

    private static readonly (string Prefix, AwsPartition Partition)[] Others =
    [
        ("cn-", new("aws-cn", "cn-north-1")),
        ("us-gov-", new("aws-us-gov", "us-gov-west-1")),
        ("us-iso-", new("aws-iso", "us-iso-east-1")),
        ("us-isob-", new("aws-iso-b", "us-isob-east-1")),
        ("eu-isoe-", new("aws-iso-e", "eu-isoe-west-1")),
        ("us-isof-", new("aws-iso-f", "us-isof-south-1")),
        ("eusc-", new("aws-eusc", "eusc-de-east-1")),
    ];

    /// <summary>The partition of a region, also of one that does not exist yet.</summary>
    public static AwsPartition OfRegion(string region)
    {
        ArgumentNullException.ThrowIfNull(region);
        return Array.Find(Others, other => region.StartsWith(other.Prefix, StringComparison.Ordinal)).Partition ?? Commercial;
    }

    /// <summary>The partition that an ARN names; null where there is no such partition.</summary>
    public static AwsPartition? OfArn(string arn)
    {
        ArgumentNullException.ThrowIfNull(arn);
        return arn.Split(':') is not ["arn", var name, ..] ? null
            : name == Commercial.Name ? Commercial
            : Array.Find(Others, other => other.Partition.Name == name).Partition;
    }
}
