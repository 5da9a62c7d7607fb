using System.Text.RegularExpressions;

namespace CloudRewind.Aws.Volumes;

/// <summary>The ids that EC2 gives to instances and volumes.</summary>
internal static partial class ResourceIds
{
    public static bool IsInstance(string id) => Instance().IsMatch(id);

    public static bool IsVolume(string id) => Volume().IsMatch(id);

    [GeneratedRegex(@"\Ai-[0-9a-f]{8}([0-9a-f]{9})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Instance();

    [GeneratedRegex(@"\Avol-[0-9a-f]{8}([0-9a-f]{9})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Volume();
}
