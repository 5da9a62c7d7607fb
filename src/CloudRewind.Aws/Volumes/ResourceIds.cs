using System.Text.RegularExpressions;

namespace CloudRewind.Aws.Volumes;

/// <summary>The ids that EC2 gives to instances and volumes.</summary>
internal static partial class ResourceIds
{
    /// <summary>Why neither an instance nor a volume can have an id; null where one can.</summary>
    public static string? FaultOf(string id) => IsInstance(id) || IsVolume(id) ? null
        : "neither the id of an EC2 instance ('i-' and 8 or 17 hexadecimal digits) nor that of an EBS volume ('vol-' and as many).";

    public static bool IsInstance(string id) => Instance().IsMatch(id);

    public static bool IsVolume(string id) => Volume().IsMatch(id);

    [GeneratedRegex(@"\Ai-[0-9a-f]{8}([0-9a-f]{9})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Instance();

    [GeneratedRegex(@"\Avol-[0-9a-f]{8}([0-9a-f]{9})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Volume();
}
