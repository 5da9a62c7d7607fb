using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;

namespace CloudRewind.Functions.Orchestrations;

/// <summary>The ids of orchestration instances, so that starting one twice is one run.</summary>
public static class InstanceId
{
    private const int MaxLength = 100;

    /// <summary>A protection's: the protection id, or a digest of it where that holds what Durable Functions refuses (<c>/ \ # ?</c>, control characters, more than 100 characters).</summary>
    public static string Of(ProtectionId id) =>
        Of(id.ToString());

    /// <summary>An assembly's deletion's.</summary>
    public static string Of(AssemblyKey assembly) => Of($"delete:{assembly}");

    private static string Of(string text) =>
        text.Length <= MaxLength && text.All(IsAllowed) ? text : $"h:{Digest.Sha256Hex(text)}";

    private static bool IsAllowed(char character) => !char.IsControl(character) && character is not ('/' or '\\' or '#' or '?');
}
