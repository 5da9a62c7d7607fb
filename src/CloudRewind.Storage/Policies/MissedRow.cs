using Azure.Data.Tables;
using CloudRewind.Domain.Policies;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Policies;

/// <summary>A due time without a protection as a row of the table <c>Protections</c>; written once.</summary>
internal static class MissedRow
{
    public static TableEntity Create(PolicyKey key, MissedRun missed) =>
        new(Keys.Protections.Partition(key.Assembly), Keys.Policies.Missed(key, missed.DueAt))
        {
            [nameof(MissedRun.DueAt)] = missed.DueAt,
            [nameof(MissedRun.Reason)] = missed.Reason.ToString(),
            [nameof(MissedRun.Detail)] = missed.Detail,
            [nameof(MissedRun.RecordedAt)] = missed.RecordedAt,
        };

    public static MissedRun Read(TableEntity row) => new(
        row.Time(nameof(MissedRun.DueAt)),
        Enum.Parse<MissedReason>(row.Text(nameof(MissedRun.Reason))),
        row.Text(nameof(MissedRun.Detail)),
        row.Time(nameof(MissedRun.RecordedAt)));
}
