namespace CloudRewind.Domain.Changes;

/// <summary>One field of a definition, before and after a change.</summary>
/// <param name="Name">The field's name in the API.</param>
/// <param name="From">Its value before, of at most <see cref="ReasonText.MaxLength"/> characters; null where it had none.</param>
/// <param name="To">Its value after, of at most <see cref="ReasonText.MaxLength"/> characters; null where it has none.</param>
public sealed record FieldChange(string Name, string? From, string? To)
{
    private const string Secret = "(not shown)";

    /// <summary>The fields in which two definitions differ, in the order in which the definitions name them.</summary>
    /// <param name="from">The fields before; empty where there was no definition.</param>
    /// <param name="to">The fields after; empty where there is no definition.</param>
    public static IReadOnlyList<FieldChange> Between(IReadOnlyList<Field> from, IReadOnlyList<Field> to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        var (before, after) = (from.ToLookup(field => field.Name), to.ToLookup(field => field.Name));
        return
        [
            .. from.Concat(to).DistinctBy(field => field.Name)
                .Select(field => (Old: before[field.Name].FirstOrDefault(field with { Values = [] }), New: after[field.Name].FirstOrDefault(field with { Values = [] })))
                .Where(pair => !pair.Old.Values.SequenceEqual(pair.New.Values))
                .Select(pair => new FieldChange(pair.Old.Name, Show(pair.Old, pair.New), Show(pair.New, pair.Old))),
        ];
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {From ?? "(none)"} -> {To ?? "(none)"}";

    // Of a list that is cut, the entries that the other one does not have are the first.
    private static string? Show(Field field, Field other)
    {
        if (field.Values.Count == 0)
            return null;
        var others = other.Values.ToHashSet(StringComparer.Ordinal);
        return field.IsSecret ? Secret : ReasonText.Cut(string.Join(", ", field.Values.OrderBy(others.Contains)));
    }
}
