using CloudRewind.Domain.Protections;

namespace CloudRewind.Functions.Protections;

/// <summary>The counts of a protection's resources, as the API shows them.</summary>
internal sealed record ResourceTotals(int Total, int Captured, int Failed)
{
    public static ResourceTotals Of(ResourceCounts counts) => new(counts.Total, counts.Captured, counts.Failed);
}
