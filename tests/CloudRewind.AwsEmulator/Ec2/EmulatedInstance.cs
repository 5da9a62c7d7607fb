namespace CloudRewind.AwsEmulator.Ec2;

/// <summary>An EC2 instance.</summary>
public sealed class EmulatedInstance(string id, string region, string vpcId, string type, Dictionary<string, string> tags)
{
    public string Id => id;

    public string Region => region;

    public string VpcId => vpcId;

    public string Type => type;

    public Dictionary<string, string> Tags => tags;

    /// <summary>Such as <c>running</c> or <c>terminated</c>.</summary>
    public string State { get; set; } = "running";

    /// <summary>Its volumes; the first is the one that it boots from.</summary>
    public List<EmulatedVolume> Volumes { get; } = [];

    public string RootDevice => DeviceOf(0);

    internal static string DeviceOf(int index) => index == 0 ? "/dev/xvda" : $"/dev/sd{(char)('a' + index)}";
}
