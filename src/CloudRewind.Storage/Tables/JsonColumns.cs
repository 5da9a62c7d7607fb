using System.Text.Json;
using Azure.Data.Tables;

namespace CloudRewind.Storage.Tables;

/// <summary>Small records that are always read and written as one, each in a column of its own.</summary>
internal static class JsonColumns
{
    public static void WriteJson<T>(this TableEntity row, string column, T? value)
        where T : class =>
        row[column] = value is null ? null : JsonSerializer.Serialize(value);

    public static T? ReadJson<T>(this TableEntity row, string column)
        where T : class =>
        row.GetString(column) is { } text ? JsonSerializer.Deserialize<T>(text) : null;
}
