using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;

namespace CloudRewind.Domain.Driving;

/// <summary>Names a unit of work: its kind, and the id of what it is done to.</summary>
public sealed record WorkKey
{
    private WorkKey(WorkKind kind, AssemblyKey assembly, ProtectionId? protection) => (Kind, Assembly, Protection) = (kind, assembly, protection);

    /// <summary>The kind.</summary>
    public WorkKind Kind { get; }

    /// <summary>The assembly that the work belongs to.</summary>
    public AssemblyKey Assembly { get; }

    /// <summary>The protection of a <see cref="WorkKind.Lifecycle"/>; otherwise null.</summary>
    public ProtectionId? Protection { get; }

    /// <summary>The id of what the work is done to, as text.</summary>
    public string Subject => Protection?.ToString() ?? Assembly.ToString();

    /// <summary>The work on a protection.</summary>
    public static WorkKey Lifecycle(ProtectionId id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return new WorkKey(WorkKind.Lifecycle, id.Assembly, id);
    }

    /// <summary>The deletion of an assembly.</summary>
    public static WorkKey Deletion(AssemblyKey assembly) => new(WorkKind.Deletion, assembly, null);

    /// <summary>Reads a <see cref="Subject"/>.</summary>
    /// <exception cref="FormatException">The text is no subject of that kind.</exception>
    public static WorkKey Parse(WorkKind kind, string subject) => kind switch
    {
        WorkKind.Lifecycle => Lifecycle(ProtectionId.Parse(subject)),
        WorkKind.Deletion => Deletion(AssemblyKey.Parse(subject)),
        _ => throw new FormatException($"There is no work of the kind {kind}."),
    };

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} of {Subject}";
}
