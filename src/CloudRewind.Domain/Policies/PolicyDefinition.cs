using System.Globalization;
using CloudRewind.Domain.Changes;

namespace CloudRewind.Domain.Policies;

/// <summary>What a person decides about a policy.</summary>
/// <param name="Name">What a person calls it; no other policy of the assembly has this name.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Schedule">When its protections are due.</param>
/// <param name="RetentionCount">How many of its good copies are kept, from <see cref="MinRetentionCount"/> to <see cref="MaxRetentionCount"/>.</param>
/// <param name="Status">Whether it makes protections.</param>
public sealed record PolicyDefinition(string Name, string? Description, ScheduleDefinition Schedule, int RetentionCount, PolicyStatus Status)
{
    /// <summary>The fewest copies that a policy may keep.</summary>
    public const int MinRetentionCount = 3;

    /// <summary>The most copies that a policy may keep.</summary>
    public const int MaxRetentionCount = 1_000;

    /// <summary>Its fields, as the record of changes shows them.</summary>
    public IReadOnlyList<Field> Fields =>
    [
        new("name", Name),
        new("description", Description),
        .. Schedule.Fields,
        new("retentionCount", RetentionCount.ToString(CultureInfo.InvariantCulture)),
        new("status", Status.ToWireName()),
    ];
}
