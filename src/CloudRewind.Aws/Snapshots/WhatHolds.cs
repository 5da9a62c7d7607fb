using System.Text.RegularExpressions;
using Amazon.Runtime;
using CloudRewind.Aws.Calls;

namespace CloudRewind.Aws.Snapshots;

/// <summary>Why AWS does not remove a snapshot, and what to do about it.</summary>
internal static partial class WhatHolds
{
    public static string Describe(string snapshot, AmazonServiceException error)
    {
        var message = AwsMessage.Of(error);
        if (Lock().IsMatch($"{error.ErrorCode} {error.Message}"))
            return $"snapshot {snapshot} is locked: unlock it, or wait until its lock ends. AWS says: {message}";
        if (Image().Match(error.Message) is { Success: true } image)
            return $"snapshot {snapshot} is in use by {image.Value}: deregister that AMI first. AWS says: {message}";
        if (error.Message.Contains("fast snapshot restore", StringComparison.OrdinalIgnoreCase))
            return $"snapshot {snapshot} has fast snapshot restore enabled: disable that first. AWS says: {message}";
        return error.ErrorCode == "InvalidSnapshot.InUse"
            ? $"snapshot {snapshot} is in use, by an AMI or by fast snapshot restore. AWS says: {message}"
            : $"snapshot {snapshot} cannot be removed: {message}";
    }

    // "SnapshotLocked", "is locked", "a lock"; not "blocked by".
    [GeneratedRegex(@"\block(ed|s)?\b|Locked\b", RegexOptions.CultureInvariant)]
    private static partial Regex Lock();

    [GeneratedRegex("ami-[0-9a-z]+", RegexOptions.CultureInvariant)]
    private static partial Regex Image();
}
