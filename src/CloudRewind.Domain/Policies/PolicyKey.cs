using System.Globalization;
using CloudRewind.Domain.Assemblies;

namespace CloudRewind.Domain.Policies;

/// <summary>Names one protection policy.</summary>
/// <param name="Assembly">The assembly that it protects.</param>
/// <param name="PolicyId">Its number in that assembly, from 1.</param>
public sealed record PolicyKey(AssemblyKey Assembly, long PolicyId)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Assembly}:{PolicyId}");
}
