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

    /// <summary>Reads a key in the form that <see cref="ToString"/> gives.</summary>
    /// <exception cref="FormatException">The text is not a key.</exception>
    public static AssemblyKey Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (accountEnd, assemblyStart) = (text.IndexOf(':', StringComparison.Ordinal), text.LastIndexOf(':') + 1);
        return accountEnd + 1 < assemblyStart - 1 // a project is in between
            && long.TryParse(text.AsSpan(0, accountEnd), NumberStyles.None, CultureInfo.InvariantCulture, out var account)
            && long.TryParse(text.AsSpan(assemblyStart), NumberStyles.None, CultureInfo.InvariantCulture, out var assembly)
            && account > 0 && assembly > 0
                ? new AssemblyKey(account, text[(accountEnd + 1)..(assemblyStart - 1)], assembly)
                : throw new FormatException($"'{text}' is not an assembly key ({{accountId}}:{{projectId}}:{{cloudAssemblyId}}).");
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{AccountId}:{ProjectId}:{CloudAssemblyId}");
}
