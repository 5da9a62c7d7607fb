using System.Globalization;
using Amazon.EC2.Model;
using CloudRewind.Domain.Capture;

namespace CloudRewind.Aws.Snapshots;

/// <summary>EC2's snapshots in the domain's terms.</summary>
internal static class Ec2Snapshots
{
    public static Domain.Capture.Snapshot Read(this Amazon.EC2.Model.Snapshot snapshot, DateTimeOffset now) => Read(
        snapshot.SnapshotId, snapshot.VolumeId, snapshot.Tags, snapshot.State?.Value, snapshot.Progress, snapshot.StartTime, snapshot.StateMessage, now);

    public static Domain.Capture.Snapshot Read(this SnapshotInfo snapshot, DateTimeOffset now) => Read(
        snapshot.SnapshotId, snapshot.VolumeId, snapshot.Tags, snapshot.State?.Value, snapshot.Progress, snapshot.StartTime, null, now);

    private static Domain.Capture.Snapshot Read(
        string id, string volume, List<Tag>? tags, string? state, string? progress, DateTime? startTime, string? message, DateTimeOffset now)
    {
        var startedAt = startTime is { } at ? new DateTimeOffset(at.ToUniversalTime()) : now;
        var meaning = state switch
        {
            "completed" => SnapshotState.Completed,
            "error" => SnapshotState.Failed,
            _ => SnapshotState.Pending,
        };
        return new Domain.Capture.Snapshot(
            id,
            volume,
            tags?.Find(tag => tag.Key == SnapshotTags.Set)?.Value ?? startedAt.ToString("O", CultureInfo.InvariantCulture),
            meaning,
            meaning == SnapshotState.Completed ? 100 : int.TryParse(progress?.TrimEnd('%'), NumberStyles.None, CultureInfo.InvariantCulture, out var percent) ? Math.Min(percent, 100) : 0,
            startedAt,
            string.IsNullOrWhiteSpace(message) ? null : message);
    }
}
