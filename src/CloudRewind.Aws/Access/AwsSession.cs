using Amazon.EC2;
using Amazon.Runtime;

namespace CloudRewind.Aws.Access;

/// <summary>A customer's role, assumed for one protection in one region.</summary>
/// <param name="RoleArn">The role.</param>
/// <param name="Credentials">The session's credentials.</param>
/// <param name="Ec2">A client that uses them.</param>
/// <param name="EndsAt">When they end, in UTC.</param>
internal sealed record AwsSession(string RoleArn, AWSCredentials Credentials, AmazonEC2Client Ec2, DateTimeOffset EndsAt)
{
    private long usedAt;

    /// <summary>When a caller last asked for it, in UTC.</summary>
    public DateTimeOffset UsedAt
    {
        get => new(Volatile.Read(ref usedAt), TimeSpan.Zero);
        set => Volatile.Write(ref usedAt, value.UtcTicks);
    }
}
