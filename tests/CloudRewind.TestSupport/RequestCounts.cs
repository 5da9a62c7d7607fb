using System.Globalization;

namespace CloudRewind.TestSupport;

/// <summary>How often each kind of request was made.</summary>
/// <param name="Kinds">How often, by kind.</param>
public sealed record RequestCounts(IReadOnlyDictionary<string, int> Kinds)
{
    /// <summary>A row, asked for by its keys.</summary>
    public const string PointRead = "reads of a row";

    /// <summary>Any other read.</summary>
    public const string Query = "queries";

    /// <summary>All that is not a read.</summary>
    public const string Write = "writes";

    /// <summary>How often altogether.</summary>
    public int Total => Kinds.Values.Sum();

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Total} requests to the store ({Of(PointRead)} {PointRead}, {Of(Query)} {Query}, {Of(Write)} {Write})");

    private int Of(string kind) => Kinds.GetValueOrDefault(kind);
}
