using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;
using CloudRewind.Domain.Assemblies;

namespace CloudRewind.Domain.Protections;

/// <summary>
/// Names one protection: <c>t{accountId}:{projectId}:{cloudAssemblyId}:{policyId}:{epoch-milliseconds}</c>.
/// A project id may itself hold colons, so the text is read from both ends.
/// </summary>
[JsonConverter(typeof(ProtectionIdJsonConverter))]
public sealed record ProtectionId
{
    private static readonly long LatestMilliseconds = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>Names a protection.</summary>
    /// <param name="assembly">The assembly it protects.</param>
    /// <param name="policyId">The policy that asked for it, from 0; 0 is on demand.</param>
    /// <param name="epochMilliseconds">When it was created, in milliseconds since 1970 UTC; no two protections of an assembly share it.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative, or the time is after the year 9999.</exception>
    public ProtectionId(AssemblyKey assembly, long policyId, long epochMilliseconds)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        ArgumentOutOfRangeException.ThrowIfNegative(policyId);
        ArgumentOutOfRangeException.ThrowIfNegative(epochMilliseconds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(epochMilliseconds, LatestMilliseconds);
        Assembly = assembly;
        PolicyId = policyId;
        EpochMilliseconds = epochMilliseconds;
    }

    /// <summary>The assembly it protects.</summary>
    public AssemblyKey Assembly { get; }

    /// <summary>The policy that asked for it; 0 is on demand.</summary>
    public long PolicyId { get; }

    /// <summary>When it was created, in milliseconds since 1970 UTC.</summary>
    public long EpochMilliseconds { get; }

    /// <summary>Reads an id in exactly the form that <see cref="ToString"/> gives: no sign, no leading zero, no surrounding space.</summary>
    /// <returns>False where the text names no protection.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ProtectionId? id)
    {
        id = null;
        if (text is null || !text.StartsWith('t'))
            return false;

        var accountEnd = text.IndexOf(':', StringComparison.Ordinal);
        var timeStart = text.LastIndexOf(':') + 1;
        var policyStart = StartOfPartBefore(text, timeStart);
        var assemblyStart = StartOfPartBefore(text, policyStart);
        if (assemblyStart <= accountEnd + 2)
            return false; // fewer than five parts, or an empty project

        if (!TryReadNumber(text.AsSpan(1, accountEnd - 1), 1, out var account)
            || !TryReadNumber(text.AsSpan(assemblyStart, policyStart - 1 - assemblyStart), 1, out var assembly)
            || !TryReadNumber(text.AsSpan(policyStart, timeStart - 1 - policyStart), 0, out var policy)
            || !TryReadNumber(text.AsSpan(timeStart), 0, out var time)
            || time > LatestMilliseconds)
            return false;

        var project = text[(accountEnd + 1)..(assemblyStart - 1)];
        id = new ProtectionId(new AssemblyKey(account, project, assembly), policy, time);
        return true;
    }

    /// <summary>Reads an id that this system wrote.</summary>
    /// <exception cref="FormatException">The text is not a protection id.</exception>
    public static ProtectionId Parse(string text) =>
        TryParse(text, out var id)
            ? id
            : throw new FormatException($"'{text}' is not a protection id (t{{accountId}}:{{projectId}}:{{cloudAssemblyId}}:{{policyId}}:{{epoch-milliseconds}}).");

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"t{Assembly}:{PolicyId}:{EpochMilliseconds}");

    // Where the part that ends just before the colon at end-1 begins; 0 where there is none.
    private static int StartOfPartBefore(string text, int end) =>
        end < 2 ? 0 : text.LastIndexOf(':', end - 2) + 1;

    private static bool TryReadNumber(ReadOnlySpan<char> text, long min, out long value) =>
        WholeNumber.TryParse(text, out value)
        && value >= min
        && (text[0] != '0' || text.Length == 1);
}
