using CloudRewind.Domain.Assemblies;

namespace CloudRewind.Simulation;

/// <summary>The resources that <c>tags</c> and <c>vpc</c> filters select from: the volumes of a made-up AWS account, the same in every region.</summary>
internal static class SimulatedInventory
{
    private static readonly IReadOnlyList<SimulatedVolume> Volumes =
    [
        new("sim-ok-web-1-root@web-1", 8, "vpc-0a1b2c3d4e5f60718", "production", "web-shop", "web"),
        new("sim-ok-web-1-data@web-1", 100, "vpc-0a1b2c3d4e5f60718", "production", "web-shop", "web"),
        new("sim-ok-web-2-root@web-2", 8, "vpc-0a1b2c3d4e5f60718", "production", "web-shop", "web"),
        new("sim-ok-web-2-data@web-2", 100, "vpc-0a1b2c3d4e5f60718", "production", "web-shop", "web"),
        new("sim-ok-db-1-root@db-1", 8, "vpc-0a1b2c3d4e5f60718", "production", "web-shop", "db"),
        new("sim-slow-db-1-data@db-1", 500, "vpc-0a1b2c3d4e5f60718", "production", "web-shop", "db"),
        new("sim-ok-staging-1-root@staging-1", 8, "vpc-0b2c3d4e5f6071829", "staging", "web-shop", "web"),
        new("sim-ok-crm-1-root@crm-1", 8, "vpc-0c3d4e5f60718293a", "production", "crm", "web"),
        new("sim-ok-crm-1-data@crm-1", 200, "vpc-0c3d4e5f60718293a", "production", "crm", "web"),
        new("sim-fail-crm-archive", 50, null, "production", "crm", "archive"),
    ];

    /// <summary>The ids that a filter selects, each once. A <c>manual</c> filter selects what it lists, in the inventory or not.</summary>
    public static IEnumerable<string> Select(ResourceFilter filter) => filter switch
    {
        ResourceFilter.Manual manual => manual.Resources.Distinct(StringComparer.Ordinal),
        ResourceFilter.Vpc vpc => Volumes.Where(volume => volume.VpcId == vpc.VpcId).Select(volume => volume.Id),
        ResourceFilter.Tags tags => Volumes.Where(volume => Has(volume, tags)).Select(volume => volume.Id),
        _ => throw new ArgumentException($"Simulated resources cannot be selected by {filter.GetType().Name}.", nameof(filter)),
    };

    /// <summary>The size of a resource; 1 where it is not in the inventory.</summary>
    public static int SizeOf(string id) => Volumes.FirstOrDefault(volume => volume.Id == id)?.SizeGiB ?? 1;

    private static bool Has(SimulatedVolume volume, ResourceFilter.Tags tags) =>
        tags.MatchAll ? tags.Required.All(volume.Tags.Contains) : tags.Required.Any(volume.Tags.Contains);

    private sealed record SimulatedVolume(string Id, int SizeGiB, string? VpcId, string Environment, string Application, string Tier)
    {
        public IReadOnlyList<ResourceTag> Tags { get; } = [new("environment", Environment), new("application", Application), new("tier", Tier)];
    }
}
