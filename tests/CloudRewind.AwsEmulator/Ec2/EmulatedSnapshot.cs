namespace CloudRewind.AwsEmulator.Ec2;

/// <summary>A snapshot.</summary>
public sealed class EmulatedSnapshot(string id, string account, EmulatedVolume volume, string description, Dictionary<string, string> tags, DateTimeOffset startedAt, DateTimeOffset completesAt)
{
    public string Id => id;

    /// <summary>The AWS account that owns it: no other sees it.</summary>
    public string Account => account;

    public EmulatedVolume Volume => volume;

    public string Description => description;

    public Dictionary<string, string> Tags => tags;

    public DateTimeOffset StartedAt => startedAt;

    /// <summary>Whether a lock keeps it from being deleted.</summary>
    public bool IsLocked { get; set; }

    /// <summary>The AMI that uses it; null where none does.</summary>
    public string? Image { get; set; }

    internal bool FailedAtOnce { get; set; }

    /// <summary><c>pending</c>, <c>completed</c> or <c>error</c>.</summary>
    public string StateAt(DateTimeOffset now) => FailedAtOnce ? "error" : now < completesAt ? "pending" : volume.SnapshotsFailWith is null ? "completed" : "error";

    internal string? MessageAt(DateTimeOffset now) => StateAt(now) == "error" ? volume.SnapshotsFailWith ?? "An error occurred." : null;

    internal string ProgressAt(DateTimeOffset now) => now >= completesAt ? "100%" : $"{(int)(100 * (now - startedAt) / (completesAt - startedAt))}%";
}
