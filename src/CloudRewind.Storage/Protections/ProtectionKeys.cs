using System.Globalization;
using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Protections;

/// <summary>
/// The keys of the table <c>Protections</c>. All that belongs to one assembly is one partition, so that one entity-group transaction
/// can write it. Protection rows begin with a digit and all others with a letter, so that a list of protections reads nothing else.
/// </summary>
internal static class ProtectionKeys
{
    /// <summary>The row that says which protection of the assembly is running.</summary>
    public const string RunSlot = "slot";

    public static string Partition(AssemblyKey assembly) =>
        string.Create(CultureInfo.InvariantCulture, $"{assembly.AccountId}:{KeyText.Encode(assembly.ProjectId)}:{assembly.CloudAssemblyId}");

    /// <summary>The range of row keys, from inclusive and to exclusive, of the protections that were created within a range of time.</summary>
    public static (string From, string To) Created(long fromMilliseconds, long toMilliseconds)
    {
        const string AfterEveryDigit = ":";
        return (
            string.Create(CultureInfo.InvariantCulture, $"{long.MaxValue - toMilliseconds:D19}"),
            fromMilliseconds == 0 ? AfterEveryDigit : string.Create(CultureInfo.InvariantCulture, $"{long.MaxValue - fromMilliseconds + 1:D19}"));
    }

    public static string Idempotency(string key) => $"key:{Digest.Sha256Hex(key)}";

    public static string TransitionPrefix(ProtectionId id) => $"transition:{id.RowKey}:";

    public static string Transition(ProtectionId id, int sequence) =>
        string.Create(CultureInfo.InvariantCulture, $"{TransitionPrefix(id)}{sequence:D10}");

    public static string ResourcePrefix(ProtectionId id) => $"resource:{id.RowKey}:";

    public static string Resource(ProtectionId id, string resourceId) => $"{ResourcePrefix(id)}{Digest.Sha256Hex(resourceId)}";
}
