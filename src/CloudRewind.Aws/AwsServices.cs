using CloudRewind.Aws.Access;
using CloudRewind.Aws.Calls;
using CloudRewind.Aws.Volumes;
using CloudRewind.Domain.Capture;
using Microsoft.Extensions.DependencyInjection;

namespace CloudRewind.Aws;

/// <summary>Registers capture on AWS.</summary>
public static class AwsServices
{
    /// <summary>The provider's key among the app's services, and its name in the settings.</summary>
    public const string Key = "Aws";

    /// <summary>The name of the meter that counts calls to AWS.</summary>
    public const string MeterName = Ec2Calls.MeterName;

    /// <summary>Adds the provider, under <see cref="Key"/>. Needs <see cref="AwsOptions"/>, a <see cref="TimeProvider"/> and logging. Nothing is asked of AWS before the first protection.</summary>
    public static IServiceCollection AddAws(this IServiceCollection services) => services
        .AddSingleton<AwsClients>()
        .AddSingleton<AwsSessions>()
        .AddSingleton<Ec2Calls>()
        .AddSingleton<VolumeDiscovery>()
        .AddSingleton<PermissionCheck>()
        .AddKeyedSingleton<ICaptureProvider, AwsCaptureProvider>(Key);
}
