using System.Globalization;
using Azure.Data.Tables;

namespace CloudRewind.LocalRuntime.Durable.Storage;

/// <summary>
/// Texts of any length in rows: a property holds up to 32K characters and a row up to 1 MiB, so a text is split over the
/// properties of one row, and what is left over further rows, whose keys derive from the first's.
/// </summary>
internal static class TextRows
{
    private const int PropertyLength = 30_000;
    private const int PropertiesPerRow = 15;
    private const string Parts = "Parts";
    private const string PartMark = "~part-";

    /// <summary>The rows of a text. The first one is written last or together with the others: it makes them count.</summary>
    public static IReadOnlyList<TableEntity> Write(string partition, string key, string text)
    {
        var rows = new List<TableEntity>();
        var at = 0;
        do
        {
            var row = new TableEntity(partition, PartKey(key, rows.Count));
            for (var i = 0; i < PropertiesPerRow && (at < text.Length || i == 0); i++)
            {
                var length = Math.Min(PropertyLength, text.Length - at);
                // A pair of surrogates that is split would not survive the way to the store.
                if (at + length < text.Length && char.IsHighSurrogate(text[at + length - 1]))
                    length--;
                row[Property(i)] = text.Substring(at, length);
                at += length;
            }

            rows.Add(row);
        }
        while (at < text.Length);

        rows[0][Parts] = rows.Count;
        return rows;
    }

    /// <summary>The text that begins in this row, or null when a part is missing: then it was never committed.</summary>
    public static string? Read(string key, IReadOnlyDictionary<string, TableEntity> rows)
    {
        if (!rows.TryGetValue(key, out var first))
            return null;
        var text = new List<string>();
        for (var part = 0; part < (first.GetInt32(Parts) ?? 1); part++)
        {
            if (!rows.TryGetValue(PartKey(key, part), out var row))
                return null;
            for (var i = 0; i < PropertiesPerRow && row.GetString(Property(i)) is { } piece; i++)
                text.Add(piece);
        }

        return string.Concat(text);
    }

    /// <summary>The keys of the rows that a text takes.</summary>
    public static IEnumerable<string> KeysOf(string key, string text) =>
        text.Length < PropertyLength ? [key] : Write("", key, text).Select(r => r.RowKey);

    /// <summary>How many rows the text that begins in this row has.</summary>
    public static int CountOf(TableEntity first) => first.GetInt32(Parts) ?? 1;

    public static string PartKey(string key, int part) =>
        part == 0 ? key : string.Create(CultureInfo.InvariantCulture, $"{key}{PartMark}{part:D4}");

    /// <summary>Whether a row is the first of its text.</summary>
    public static bool IsFirst(string key) => !key.Contains(PartMark, StringComparison.Ordinal);

    private static string Property(int index) => string.Create(CultureInfo.InvariantCulture, $"Text{index:D2}");
}
