using System.Text.Encodings.Web;
using System.Text.Json;
using Azure.Data.Tables;
using CloudRewind.Domain;

namespace CloudRewind.Storage.Tables;

/// <summary>Records that are always read and written as one, each in a column of its own, or in as many as it takes.</summary>
internal static class JsonColumns
{
    // What the strict encoder escapes takes up to six times the space.
    private static readonly JsonSerializerOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new WireNameConverter() },
    };

    public static void WriteJson<T>(this TableEntity row, string column, T? value)
        where T : class
    {
        if (value is null)
            row[column] = null;
        else
            SplitText.Write(row, column, JsonSerializer.Serialize(value, Options));
    }

    public static T? ReadJson<T>(this TableEntity row, string column)
        where T : class =>
        row.GetString(column) is null ? null : JsonSerializer.Deserialize<T>(SplitText.Read(row, column), Options);
}
