using Azure.Data.Tables;
using CloudRewind.Domain.Protections;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Protections;

/// <summary>The columns of <see cref="CaptureProgress"/>, with the transition that it followed.</summary>
internal static class ProgressColumns
{
    private const string Sequence = "ProgressSequence";
    private const string Total = "ProgressTotal";
    private const string Captured = "ProgressCaptured";
    private const string Failed = "ProgressFailed";
    private const string Percent = "ProgressPercent";
    private const string Waiting = "ProgressWaiting";

    public static void Write(TableEntity row, CaptureProgress? progress, int sequence)
    {
        row[Sequence] = progress is null ? null : sequence;
        row[Total] = progress?.Counts.Total;
        row[Captured] = progress?.Counts.Captured;
        row[Failed] = progress?.Counts.Failed;
        row[Percent] = progress?.Percent;
        row[Waiting] = progress is null ? null : progress.Waiting ?? "";
    }

    public static CaptureProgress? Read(TableEntity row, int sequence) => row.GetInt32(Sequence) != sequence
        ? null
        : new(
            new ResourceCounts(row.Number(Total), row.Number(Captured), row.Number(Failed)),
            row.Number(Percent),
            row.Text(Waiting) is { Length: > 0 } waiting ? waiting : null);
}
