namespace CloudRewind.Domain.Changes;

/// <summary>A field of a definition, as the record of changes names it.</summary>
/// <param name="Name">The field's name in the API.</param>
/// <param name="Values">The entries of a list, or the one value; empty where there is none.</param>
/// <param name="IsSecret">Whether the record says only that there is a value, and never which.</param>
public sealed record Field(string Name, IReadOnlyList<string> Values, bool IsSecret = false)
{
    /// <summary>A field that has one value, or none.</summary>
    public Field(string name, string? value, bool isSecret = false)
        : this(name, value is null ? (IReadOnlyList<string>)[] : [value], isSecret)
    {
    }
}
