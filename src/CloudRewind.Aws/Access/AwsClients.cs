using Amazon;
using Amazon.EC2;
using Amazon.Runtime;
using Amazon.SecurityToken;
using CloudRewind.Domain.Assemblies;

namespace CloudRewind.Aws.Access;

/// <summary>
/// Makes clients of the SDK for a region. They retry nothing: the SDK would also repeat a call whose reply was lost, and so take a second snapshot.
/// What may be repeated, <see cref="Calls.Ec2Calls"/> repeats.
/// </summary>
internal sealed class AwsClients(AwsOptions options)
{
    private readonly SharedHttpClient http = new();

    public AmazonEC2Client Ec2(AWSCredentials credentials, string region) => new(credentials, Configured(new AmazonEC2Config(), region));

    /// <summary>STS in a region.</summary>
    /// <param name="credentials">What to sign with; null: what the SDK's default chain finds, when the first call is made.</param>
    /// <param name="region">The region.</param>
    public AmazonSecurityTokenServiceClient Sts(AWSCredentials? credentials, string region)
    {
        var config = Configured(new AmazonSecurityTokenServiceConfig(), region);
        return credentials is null ? new AmazonSecurityTokenServiceClient(config) : new AmazonSecurityTokenServiceClient(credentials, config);
    }

    /// <summary>A region of the same partition that is always there, for calls about a region that may not be.</summary>
    public static string HomeRegionOf(string region) => AwsPartition.OfRegion(region).HomeRegion;

    private T Configured<T>(T config, string region)
        where T : ClientConfig
    {
        config.MaxErrorRetry = 0;
        config.MaxStaleConnectionRetries = 0;
        config.HttpClientFactory = http;
        if (options.ServiceUrl is null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }
        else
        {
            config.ServiceURL = options.ServiceUrl.AbsoluteUri;
            config.AuthenticationRegion = region;
        }

        return config;
    }
}
