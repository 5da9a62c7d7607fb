using CloudRewind.Domain.Assemblies;

namespace CloudRewind.Functions.Assemblies;

/// <summary>The names of statuses and filters on the wire.</summary>
internal static class AssemblyWireNames
{
    public const string Manual = "manual";
    public const string Vpc = "vpc";
    public const string Tags = "tags";
    public const string MatchAll = "match-all-tags";
    public const string MatchAny = "match-any-tags";
    public const string Enabled = "enabled";
    public const string Disabled = "disabled";

    public static string Of(AssemblyStatus status) => status switch
    {
        AssemblyStatus.Enabled => Enabled,
        AssemblyStatus.Disabled => Disabled,
        AssemblyStatus.DeleteRequested => "delete-requested",
        AssemblyStatus.DeleteInProgress => "delete-in-progress",
        AssemblyStatus.Deleted => "deleted",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "It has no name on the wire."),
    };
}
