using System.Globalization;

namespace CloudRewind.Domain.Assemblies;

/// <summary>Names one cloud assembly: its account, its project, and its own id. Two keys are equal where all three are (ordinally).</summary>
public sealed record AssemblyKey
{
    /// <summary>Names an assembly.</summary>
    /// <param name="accountId">From 1 to 2^63-1.</param>
    /// <param name="projectId">Any text that is not empty.</param>
    /// <param name="cloudAssemblyId">From 1 to 2^63-1.</param>
    /// <exception cref="ArgumentException">A part is out of range or empty.</exception>
    public AssemblyKey(long accountId, string projectId, long cloudAssemblyId)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(accountId, 1);
        ArgumentException.ThrowIfNullOrEmpty(projectId);
        ArgumentOutOfRangeException.ThrowIfLessThan(cloudAssemblyId, 1);
        AccountId = accountId;
        ProjectId = projectId;
        CloudAssemblyId = cloudAssemblyId;
    }

    /// <summary>The Cloud Rewind account.</summary>
    public long AccountId { get; }

    /// <summary>The Cloud Rewind project in that account.</summary>
    public string ProjectId { get; }

    /// <summary>The AWS cloud assembly in that project.</summary>
    public long CloudAssemblyId { get; }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{AccountId}:{ProjectId}:{CloudAssemblyId}");
}
