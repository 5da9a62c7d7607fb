using CloudRewind.Domain.Changes;

namespace CloudRewind.Domain.Assemblies;

/// <summary>
/// A named set of AWS resources that are protected and recovered together. It decides itself what may become of it; a store loads it, asks
/// it, and writes what it says.
/// </summary>
/// <param name="Key">Its account, project and id.</param>
/// <param name="Definition">What a person decided about it.</param>
/// <param name="CreatedAt">When it was first put, in UTC.</param>
/// <param name="UpdatedAt">When it last changed, in UTC.</param>
/// <param name="Version">1 for the first version, then one more with each change.</param>
public sealed record CloudAssembly(
    AssemblyKey Key,
    AssemblyDefinition Definition,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    int Version)
{
    /// <summary>Creates an assembly, or replaces its definition.</summary>
    /// <param name="current">The assembly as it stands; null where there is none.</param>
    /// <param name="key">The assembly.</param>
    /// <param name="definition">What it is to be.</param>
    /// <param name="condition">Whether the assembly as it stands (null: none) may be replaced; it is asked before anything else.</param>
    /// <param name="at">Now, in UTC.</param>
    /// <param name="by">Who asks for it.</param>
    public static PutResult Put(
        CloudAssembly? current, AssemblyKey key, AssemblyDefinition definition, Predicate<CloudAssembly?> condition, DateTimeOffset at, Actor by)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(condition);
        if (!condition(current))
            return new PutResult.ConditionFailed();
        if (current is null)
        {
            var created = new CloudAssembly(key, definition, at, at, 1);
            return new PutResult.Accepted(created, new Change(1, ChangeKind.Created, at, by, FieldChange.Between([], definition.Fields)));
        }

        if (current.Definition.Status.IsDeletedOrDeleting())
            return new PutResult.AssemblyDeleted();
        var connection = definition.Connection.After(current.Definition.Connection);
        var (changed, change) = current.Changed(definition with { Connection = connection }, ChangeKind.Replaced, at, by);
        return new PutResult.Accepted(changed, change);
    }

    /// <summary>Moves it on towards its deletion, never back.</summary>
    /// <param name="status">One of the last three states.</param>
    /// <param name="at">Now, in UTC.</param>
    /// <param name="by">Who asks for it.</param>
    /// <returns>The assembly after that, and the change; unchanged, and null, where it is in that state already, or in a later one.</returns>
    public (CloudAssembly Assembly, Change? Change) AdvanceDeletion(AssemblyStatus status, DateTimeOffset at, Actor by)
    {
        var kind = status switch
        {
            AssemblyStatus.DeleteRequested => ChangeKind.DeletionRequested,
            AssemblyStatus.DeleteInProgress => ChangeKind.DeletionStarted,
            AssemblyStatus.Deleted => ChangeKind.Deleted,
            _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Not a state of an assembly that is being deleted."),
        };
        return Definition.Status < status ? Changed(Definition with { Status = status }, kind, at, by) : (this, null);
    }

    private (CloudAssembly Assembly, Change Change) Changed(AssemblyDefinition definition, ChangeKind kind, DateTimeOffset at, Actor by)
    {
        var changed = this with { Definition = definition, UpdatedAt = at, Version = Version + 1 };
        return (changed, new Change(changed.Version, kind, at, by, FieldChange.Between(Definition.Fields, definition.Fields)));
    }
}
