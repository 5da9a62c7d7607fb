namespace CloudRewind.AwsEmulator.Ec2;

/// <summary>An EBS volume.</summary>
public sealed class EmulatedVolume(string id, string region, int sizeGiB, string type, Dictionary<string, string> tags)
{
    public string Id => id;

    public string Region => region;

    public int SizeGiB => sizeGiB;

    public string Type => type;

    public Dictionary<string, string> Tags => tags;

    /// <summary>What it is attached to, with the device there.</summary>
    public List<(EmulatedInstance Instance, string Device)> Attachments { get; } = [];

    /// <summary>Whether it is in state <c>creating</c>, in which it takes no snapshot.</summary>
    public bool IsBeingCreated { get; set; }

    /// <summary>Why its snapshots fail, after they were started; null: they do not.</summary>
    public string? SnapshotsFailWith { get; set; }

    /// <summary>Whether its snapshot fails at once, and with it the set that it is part of.</summary>
    public bool FailsItsSet { get; set; }
}
