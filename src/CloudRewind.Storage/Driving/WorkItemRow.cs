using Azure.Data.Tables;
using CloudRewind.Domain.Driving;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Driving;

/// <summary>An item of the work list. Its two rows have the same columns.</summary>
internal static class WorkItemRow
{
    private const string Kind = "Kind";
    private const string Subject = "Subject";
    private const string RequestedAt = "RequestedAt";
    private const string ExpectedAt = "ExpectedAt";
    private const string DueAt = "DueAt";
    private const string Generation = "Generation";
    private const string OverdueAt = "OverdueAt";

    /// <summary>The row by which the item is found.</summary>
    public static TableEntity ByKey(WorkItem item) => Write(item, Keys.Work.Item(item.Key));

    /// <summary>The row by which the item is due.</summary>
    public static TableEntity ByTime(WorkItem item) => Write(item, Keys.Work.Due(item.Key, item.DueAt));

    public static WorkItem Read(TableEntity row) => new(
        WorkKey.Parse(Keys.Work.KindOf(row.Text(Kind)), row.Text(Subject)),
        row.Time(RequestedAt),
        row.Time(ExpectedAt),
        row.Time(DueAt),
        row.ETag.ToString(),
        row.Number(Generation),
        row.GetDateTimeOffset(OverdueAt));

    private static TableEntity Write(WorkItem item, string rowKey) => new(Keys.Work.Partition(item.Key), rowKey)
    {
        [Kind] = Keys.Work.NameOf(item.Key.Kind),
        [Subject] = item.Key.Subject,
        [RequestedAt] = item.RequestedAt,
        [ExpectedAt] = item.ExpectedAt,
        [DueAt] = item.DueAt,
        [Generation] = item.Generation,
        [OverdueAt] = item.OverdueAt,
    };
}
