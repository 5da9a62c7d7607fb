using System.Text;
using Azure.Data.Tables;
using CloudRewind.Domain;

namespace CloudRewind.Storage.Tables;

/// <summary>The size of a row as Table Storage counts it, which the emulator does not do.</summary>
internal static class EntitySize
{
    /// <summary>How large a row may be, in bytes.</summary>
    public const int MaxRow = 1024 * 1024;

    /// <summary>How large the value of one property may be, in bytes.</summary>
    public const int MaxValue = 64 * 1024;

    private const int OfRow = 4;
    private const int OfProperty = 8;
    private const int OfText = 4;
    private const int OfAnyOther = 8; // numbers, times and truth values: at the most

    /// <summary>The size of a row, in bytes.</summary>
    public static int Of(TableEntity row) => OfRow + row.Sum(SizeOf);

    /// <summary>Lets a row pass that Table Storage takes.</summary>
    /// <exception cref="StoreLimitException">The row, or one of its properties, is too large.</exception>
    public static void Check(TableEntity row)
    {
        if (row.FirstOrDefault(property => SizeOfValue(property.Value) > MaxValue) is { Key: { } name, Value: { } value })
            throw new StoreLimitException(name, SizeOfValue(value), MaxValue);
        if (Of(row) > MaxRow)
            throw new StoreLimitException(LargestField(row), Of(row), MaxRow);
    }

    // A long text is in several properties, which are numbered.
    private static string LargestField(TableEntity row) =>
        row.GroupBy(property => property.Key.TrimEnd([.. "0123456789"])).MaxBy(parts => parts.Sum(SizeOf))!.Key;

    // The name and the value of a key count as those of any property; names and texts are UTF-16.
    private static int SizeOf(KeyValuePair<string, object?> property) =>
        property.Value is null ? 0 : OfProperty + Encoding.Unicode.GetByteCount(property.Key) + SizeOfValue(property.Value);

    private static int SizeOfValue(object? value) => value switch
    {
        null => 0,
        string text => OfText + Encoding.Unicode.GetByteCount(text),
        _ => OfAnyOther,
    };
}
