using CloudRewind.Aws.Access;
using CloudRewind.Aws.Calls;
using CloudRewind.Aws.Volumes;
using CloudRewind.Domain.Capture;
using Microsoft.Extensions.DependencyInjection;

namespace CloudRewind.Aws;

/// <summary>Registers capture on AWS.</summary>
public static class AwsServices
{
    /// <summary>Captures EBS volumes. Needs <see cref="AwsOptions"/>, a <see cref="TimeProvider"/> and logging. Nothing is asked of AWS before the first protection.</summary>
    public static IServiceCollection AddAws(this IServiceCollection services) => services
        .AddSingleton<AwsClients>()
        .AddSingleton<AwsSessions>()
        .AddSingleton<Ec2Calls>()
        .AddSingleton<VolumeDiscovery>()
        .AddSingleton<PermissionCheck>()
        .AddSingleton<ICaptureProvider, AwsCaptureProvider>();
}
