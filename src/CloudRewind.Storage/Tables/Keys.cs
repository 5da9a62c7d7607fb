using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;

namespace CloudRewind.Storage.Tables;

/// <summary>Every partition key and row key is made here. What a person or a client chose goes through <see cref="KeyText"/>.</summary>
internal static class Keys
{
    /// <summary>
    /// The table <c>Protections</c>. All that belongs to one assembly is one partition, so that one entity-group transaction can write it.
    /// Protection rows begin with a digit and all others with a letter, so that a list of protections reads nothing else.
    /// </summary>
    public static class Protections
    {
        /// <summary>The row that says which protection of the assembly is running.</summary>
        public const string ActiveRun = "run";

        public static string Partition(AssemblyKey assembly) => Invariant($"{assembly.AccountId}:{KeyText.Encode(assembly.ProjectId)}:{assembly.CloudAssemblyId}");

        /// <summary>Begins with the inverted time: rows in ascending order are protections from newest to oldest, and a range of time is a range of keys.</summary>
        public static string Protection(ProtectionId id) => Invariant($"{InvertedTime(id.EpochMilliseconds)}-{id.PolicyId}");

        /// <summary>The range of row keys, from inclusive and to exclusive, of the protections that were created within a range of time.</summary>
        public static (string From, string To) Created(long fromMilliseconds, long toMilliseconds)
        {
            const string AfterEveryDigit = ":";
            return (InvertedTime(toMilliseconds), fromMilliseconds == 0 ? AfterEveryDigit : InvertedTime(fromMilliseconds - 1));
        }

        public static string Idempotency(string key) => $"key:{Digest.Sha256Hex(key)}";

        public static string TransitionPrefix(ProtectionId id) => $"transition:{Protection(id)}:";

        public static string Transition(ProtectionId id, int sequence) => Invariant($"{TransitionPrefix(id)}{sequence:D10}");

        public static string ResourcePrefix(ProtectionId id) => $"resource:{Protection(id)}:";

        public static string Resource(ProtectionId id, string resourceId) => $"{ResourcePrefix(id)}{Digest.Sha256Hex(resourceId)}";

        private static string InvertedTime(long milliseconds) => Invariant($"{long.MaxValue - milliseconds:D19}");
    }

    /// <summary>The table <c>CloudAssemblies</c>: a partition is one project of one account, in the order of the assemblies' ids.</summary>
    public static class Assemblies
    {
        public static string Partition(long accountId, string projectId) => Invariant($"{accountId}:{KeyText.Encode(projectId)}");

        public static string Partition(AssemblyKey assembly) => Partition(assembly.AccountId, assembly.ProjectId);

        public static string Assembly(AssemblyKey assembly) => Invariant($"{assembly.CloudAssemblyId:D19}");
    }

    /// <summary>The watchdog's table <c>UnfinishedProtections</c>.</summary>
    public static class Unfinished
    {
        public const string Protections = "unfinished";
        public const string Deletions = "deletions";

        public static string Protection(ProtectionId id) => KeyText.Encode(id.ToString());

        public static string Deletion(AssemblyKey assembly) => KeyText.Encode(assembly.ToString());
    }

    /// <summary>The table <c>RevokedTokens</c>.</summary>
    public static class RevokedTokens
    {
        public static string Partition(long accountId) => Invariant($"{accountId}");

        public static string Token(string tokenId) => KeyText.Encode(tokenId);
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
