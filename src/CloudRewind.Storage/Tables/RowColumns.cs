using Azure.Data.Tables;

namespace CloudRewind.Storage.Tables;

/// <summary>Reads columns that must be there: a row without one was not written by this system, and says so.</summary>
internal static class RowColumns
{
    public static string Text(this TableEntity row, string column) => row.GetString(column) ?? throw Missing(row, column);

    public static int Number(this TableEntity row, string column) => row.GetInt32(column) ?? throw Missing(row, column);

    public static long LongNumber(this TableEntity row, string column) => row.GetInt64(column) ?? throw Missing(row, column);

    public static DateTimeOffset Time(this TableEntity row, string column) => row.GetDateTimeOffset(column) ?? throw Missing(row, column);

    private static InvalidDataException Missing(TableEntity row, string column) =>
        new($"The row '{row.RowKey}' of partition '{row.PartitionKey}' has no column '{column}'.");
}
