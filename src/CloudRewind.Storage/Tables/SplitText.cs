using System.Globalization;
using System.Text;
using Azure.Data.Tables;

namespace CloudRewind.Storage.Tables;

/// <summary>Keeps a text that may be longer than a property can be (64 KiB) in as many properties as it takes.</summary>
internal static class SplitText
{
    private const int MaxPartLength = 32_000; // characters, of two bytes each

    public static void Write(TableEntity row, string column, string text)
    {
        var start = 0;
        for (var part = 0; part == 0 || start < text.Length; part++)
        {
            var end = Math.Min(start + MaxPartLength, text.Length);
            if (end < text.Length && char.IsHighSurrogate(text[end - 1]))
                end--; // half of a pair is no text, and would be lost on the way
            row[Name(column, part)] = text[start..end];
            start = end;
        }
    }

    public static string Read(TableEntity row, string column)
    {
        var text = new StringBuilder(row.Text(Name(column, 0)));
        for (var part = 1; row.GetString(Name(column, part)) is { } more; part++)
            text.Append(more);
        return text.ToString();
    }

    private static string Name(string column, int part) =>
        part == 0 ? column : string.Create(CultureInfo.InvariantCulture, $"{column}{part}");
}
