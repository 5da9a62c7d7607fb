using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Driving;
using CloudRewind.Domain.Policies;
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
        /// <summary>The row that says what the protections of the assembly come to.</summary>
        public const string Summary = "run";

        /// <summary>What the row of every protection begins with that is held.</summary>
        public const string HeldPrefix = "held:";

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

        public static string EventPrefix(ProtectionId id) => $"event:{Protection(id)}:";

        public static string Event(ProtectionId id, int number) => Invariant($"{EventPrefix(id)}{number:D10}");

        public static string HeldOfPolicyPrefix(long policyId) => Invariant($"{HeldPrefix}{policyId:D19}:");

        public static string Held(ProtectionId id) => $"{HeldOfPolicyPrefix(id.PolicyId)}{Protection(id)}";

        public static string ResourcePrefix(ProtectionId id) => $"resource:{Protection(id)}:";

        public static string Resource(ProtectionId id, string resourceId) => $"{ResourcePrefix(id)}{Digest.Sha256Hex(resourceId)}";

        internal static string InvertedTime(long milliseconds) => Invariant($"{long.MaxValue - milliseconds:D19}");
    }

    /// <summary>The policies of an assembly, in its partition of the table <c>Protections</c>: a decision about a due time and what comes of it are one transaction.</summary>
    public static class Policies
    {
        /// <summary>The row that says which number was given out last; whoever creates, replaces or deletes a policy writes it.</summary>
        public const string Latest = "policies";

        public const string Prefix = "policy:";

        public static string Policy(PolicyKey key) => Invariant($"{Prefix}{key.PolicyId:D19}");

        public static string MissedPrefix(PolicyKey key) => Invariant($"missed:{key.PolicyId:D19}:");

        /// <summary>From the newest to the oldest: those after an instant are the rows from the prefix to the instant's own key.</summary>
        public static string Missed(PolicyKey key, DateTimeOffset dueAt) => $"{MissedPrefix(key)}{Protections.InvertedTime(dueAt.ToUnixTimeMilliseconds())}";

        public static string ChangePrefix(PolicyKey key) => Invariant($"policy-change:{key.PolicyId:D19}:");

        /// <summary>From the newest to the oldest.</summary>
        public static string Change(PolicyKey key, int version) => $"{ChangePrefix(key)}{InvertedVersion(version)}";
    }

    /// <summary>The table <c>DuePolicies</c>: in each partition, the earliest first.</summary>
    public static class Due
    {
        public static string Partition(PolicyKey key) => DueRows.Partition(key.ToString());

        public static string Policy(PolicyKey key, DateTimeOffset dueAt) =>
            DueRows.Key(dueAt, Invariant($"{Protections.Partition(key.Assembly)}:{key.PolicyId}"));
    }

    /// <summary>
    /// The table <c>CloudAssemblies</c>: a partition is one project of one account, in the order of the assemblies' ids. The changes of its assemblies come after
    /// them, so that a list of assemblies reads nothing else.
    /// </summary>
    public static class Assemblies
    {
        /// <summary>What sorts after every assembly, and before every change.</summary>
        public const string End = ":";

        public static string Partition(long accountId, string projectId) => Invariant($"{accountId}:{KeyText.Encode(projectId)}");

        public static string Partition(AssemblyKey assembly) => Partition(assembly.AccountId, assembly.ProjectId);

        public static string Assembly(AssemblyKey assembly) => Invariant($"{assembly.CloudAssemblyId:D19}");

        public static string ChangePrefix(AssemblyKey assembly) => $"change:{Assembly(assembly)}:";

        /// <summary>From the newest to the oldest.</summary>
        public static string Change(AssemblyKey assembly, int version) => $"{ChangePrefix(assembly)}{InvertedVersion(version)}";
    }

    /// <summary>The table <c>WorkList</c>: in each partition, the earliest first. Rows by key begin with a letter and come after those.</summary>
    public static class Work
    {
        public static string Partition(WorkKey key) => DueRows.Partition(Name(key));

        public static string Item(WorkKey key) => $"item:{Name(key)}";

        public static string Due(WorkKey key, DateTimeOffset dueAt) => DueRows.Key(dueAt, Name(key));

        public static string NameOf(WorkKind kind) => kind switch
        {
            WorkKind.Lifecycle => "lifecycle",
            WorkKind.Deletion => "deletion",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };

        public static WorkKind KindOf(string name) => Enum.GetValues<WorkKind>().Where(kind => NameOf(kind) == name).DefaultIfEmpty((WorkKind)(-1)).First();

        private static string Name(WorkKey key) => $"{NameOf(key.Kind)}:{KeyText.Encode(key.Subject)}";
    }

    /// <summary>The table <c>RevokedTokens</c>.</summary>
    public static class RevokedTokens
    {
        public static string Partition(long accountId) => Invariant($"{accountId}");

        public static string Token(string tokenId) => KeyText.Encode(tokenId);
    }

    private static string InvertedVersion(int version) => Invariant($"{int.MaxValue - version:D10}");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
