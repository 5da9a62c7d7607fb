using Azure.Core;
using CloudRewind.Aws;
using CloudRewind.AwsEmulator;
using CloudRewind.AwsEmulator.Iam;
using CloudRewind.AwsEmulator.Sts;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using Microsoft.Extensions.DependencyInjection;

namespace CloudRewind.Capture.Tests.Aws;

/// <summary>The provider against an account of a test's own.</summary>
internal sealed class AwsBench : IAsyncDisposable
{
    public const string Region = "eu-central-1";
    public const string RoleArn = "arn:aws:iam::210987654321:role/cloud-rewind";
    public const string ExternalId = "a-secret-between-us";

    private static long accounts;

    private readonly ServiceProvider services;

    private AwsBench(EmulatedAws aws, AwsOptions options, TokenCredential? identity, TimeProvider time)
    {
        Aws = aws;
        var collection = new ServiceCollection().AddLogging().AddSingleton(time).AddSingleton(options).AddAws();
        if (identity is not null)
            collection.AddSingleton(identity);
        services = collection.BuildServiceProvider();
        Provider = services.GetRequiredKeyedService<ICaptureProvider>(AwsServices.Key);
    }

    public EmulatedAws Aws { get; }

    public ICaptureProvider Provider { get; }

    public static async Task<AwsBench> StartAsync(Func<AwsOptions, AwsOptions>? change = null, Policy? policy = null, TokenCredential? identity = null, TimeProvider? time = null)
    {
        TestCredentials.Use();
        var aws = await EmulatedAws.StartAsync();
        aws.AddRole(new EmulatedRole(RoleArn, ExternalId, policy));
        var options = new AwsOptions(aws.Url, null, null, null, TimeSpan.FromSeconds(20), CopyTagsFromSource: false);
        return new AwsBench(aws, change?.Invoke(options) ?? options, identity, time ?? TimeProvider.System);
    }

    /// <summary>A protection of an assembly that nobody else uses.</summary>
    public static FilteredTarget Target(
        ResourceFilter? filter = null, string region = Region, string role = RoleArn, string? externalId = ExternalId, string project = "demo")
    {
        var protection = new ProtectionId(new AssemblyKey(Interlocked.Increment(ref accounts), project, 7), 0, 1_800_000_000_000);
        var location = new SnapshotLocation(AwsServices.Key, region, new CloudConnection(role, externalId));
        return new FilteredTarget(new CaptureTarget(protection, location), filter ?? new ResourceFilter.Manual([]));
    }

    public static ResourceFilter Manual(params string[] ids) => new ResourceFilter.Manual(ids);

    public async Task<IReadOnlyList<DiscoveredResource>> DiscoverAsync(FilteredTarget target) => (await Provider.DiscoverAsync(target, target.Filter, CancellationToken.None)).Resources;

    /// <summary>Discovers and starts every group.</summary>
    public async Task<IReadOnlyList<Snapshot>> StartAllAsync(FilteredTarget target)
    {
        var started = new List<Snapshot>();
        foreach (var group in Entries(await DiscoverAsync(target)).GroupBy(entry => entry.GroupId))
            started.AddRange(await Provider.StartAsync(target, [.. group], CancellationToken.None));
        return started;
    }

    public Task<IReadOnlyList<Snapshot>> ListAsync(CaptureTarget target) => Provider.ListAsync(target, CancellationToken.None);

    /// <summary>Removes snapshots, and says what holds those that stay.</summary>
    public async Task<IReadOnlyDictionary<string, string>> RemoveAsync(CaptureTarget target, params IEnumerable<string> ids)
    {
        var held = new Dictionary<string, string>();
        foreach (var id in ids)
        {
            try
            {
                await Provider.RemoveAsync(target, id, CancellationToken.None);
            }
            catch (CaptureRefusedException error)
            {
                held[id] = error.Message;
            }
        }

        return held;
    }

    public static IReadOnlyList<ProtectedResource> Entries(IReadOnlyList<DiscoveredResource> resources) => ProtectedResource.Reconcile([], resources).Added;

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await Aws.DisposeAsync();
    }
}
