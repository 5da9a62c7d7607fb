using System.Globalization;
using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;

namespace CloudRewind.Functions.Orchestrations;

/// <summary>The ids of orchestration instances, so that starting one twice is one run.</summary>
public static class InstanceId
{
    private const int MaxLength = 100;

    /// <summary>What drives a protection.</summary>
    public static string Of(Protection protection)
    {
        ArgumentNullException.ThrowIfNull(protection);
        return Of(protection.Id, protection.Generation);
    }

    /// <summary>A protection's: the protection id, from the second generation on with its number, or a digest of it where that holds what Durable Functions refuses (<c>/ \ # ?</c>, control characters, more than 100 characters).</summary>
    public static string Of(ProtectionId id, int generation = 0) => Of($"{id}", generation);

    /// <summary>An assembly's deletion's.</summary>
    public static string Of(AssemblyKey assembly, int generation = 0) => Of($"delete:{assembly}", generation);

    private static string Of(string subject, int generation)
    {
        var text = generation == 0 ? subject : string.Create(CultureInfo.InvariantCulture, $"{subject}~{generation}");
        return text.Length <= MaxLength && text.All(IsAllowed) ? text : $"h:{Digest.Sha256Hex(text)}";
    }

    private static bool IsAllowed(char character) => !char.IsControl(character) && character is not ('/' or '\\' or '#' or '?');
}
