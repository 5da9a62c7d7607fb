using System.Globalization;
using System.Text.Json;
using Azure.Data.Tables;
using CloudRewind.Chaos;

namespace CloudRewind.EndToEnd.Tests.Crashes;

/// <summary>Chaos finds what its judge can see: each rule is broken once here, and the judge says so.</summary>
public sealed class JudgeTests
{
    /// <summary>What is done to a sound assembly, by what the judge says of it.</summary>
    public static TheoryData<string, Action<Sound>> Broken { get; } = new()
    {
        { "transition 1 is missing", sound => sound.Transitions.RemoveAt(1) },
        { "transition 3 is from in-progress to in-progress", sound => sound.Transitions[3]["From"] = sound.Transitions[3]["To"] },
        { "transition 4 is dated before the one before", sound => sound.Transitions[4]["At"] = Sound.Created },
        { "its row does not say what its last transition says", sound => sound.Protection["Status"] = "failed" },
        { "it has not one outcome", sound => sound.Transitions.RemoveAt(4) },
        { "it is driven by orchestration 1", sound => sound.Protection["Generation"] = 1 },
        { "it is to end, and is not on the watchdog's list", sound => sound.Listed.Clear() },
        { "vol-1 has 2 snapshots", sound => sound.Snapshots.Add(sound.Snapshots[0] with { Id = "snap-2" }) },
        { "this is on record, and not there", sound => sound.Snapshots.Clear() },
        { "and this is not", sound => sound.Snapshots[0] = sound.Snapshots[0] with { Place = "aws:210987654321:us-east-1" } },
        { "and this is not", sound => sound.Snapshots[0] = sound.Snapshots[0] with { Place = "aws:310987654321:eu-central-1" } },
        { "has no entry in the inventory", sound => sound.Resources.Clear() },
        { "its outcome counts 2 captured resources", sound => sound.Transitions[4]["ResourcesCaptured"] = 2 },
        { "it has elapsed with", sound => sound.Elapse() },
        { "it was removed without a decision", sound => sound.Elapse() },
        { "a client was told failed with sequence 4", sound => sound.Journal.Tell(sound.Id, before: 4, sequence: 4, "failed") },
        { "is said to run", sound => sound.Summary["Running"] = sound.Id },
        { "its assembly is deleted", sound => sound.Definition["Status"] = "Deleted" },
        { "a rule has removed the newest good copy", sound => sound.Prune(Sound.Created.AddDays(31)) },
        { "its removal was decided", sound => sound.Prune(Sound.Created.AddDays(29)) },
    };

    [Fact]
    public void A_sound_assembly_breaks_no_rule() => Assert.Empty(new Sound().FindViolations());

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_rule_is_found(string expected, Action<Sound> breakIt)
    {
        var sound = new Sound();

        breakIt(sound);

        Assert.Contains(sound.FindViolations(), found => found.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void A_client_that_is_told_an_older_sequence_is_found()
    {
        var journal = new Journal();

        journal.Tell("t1", before: 3, sequence: 2, status: null);

        Assert.Single(journal.Violations);
    }

    /// <summary>An assembly with one good copy.</summary>
    public sealed class Sound
    {
        public static readonly DateTimeOffset Created = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        private const string Resource = "vol-1", Snapshot = "snap-1", Place = "aws:210987654321:eu-central-1";
        private static readonly string[] States = ["created", "preparing", "preparation-completed", "in-progress", "success"];

        private readonly AssemblyAddress address = AssemblyAddress.New();

        public Sound()
        {
            Id = address.ProtectionId(Created.ToUnixTimeMilliseconds());
            var row = TableLayout.Row(Created.ToUnixTimeMilliseconds());
            Protection = NewRow(row, Created.AddSeconds(States.Length));
            Protection["Id"] = Id;
            Protection["Status"] = States[^1];
            Protection["Outcome"] = States[^1];
            Protection["Sequence"] = States.Length - 1;
            Protection["CreatedAt"] = Created;
            Protection["ExpiresAt"] = Created.AddDays(30);
            Protection["Generation"] = 0;
            Protection["Location"] =
                """{"Provider":"Aws","Region":"eu-central-1","Connection":{"RoleArn":"arn:aws:iam::210987654321:role/r"}}""";
            for (var number = 0; number < States.Length; number++)
                AddTransition(number, number == 0 ? null : States[number - 1], States[number]);
            Transitions[^1]["ResourcesCaptured"] = 1;
            var resource = NewRow($"resource:{row}:{Resource}", Created);
            resource["ResourceId"] = Resource;
            resource["State"] = "Captured";
            resource["SnapshotId"] = Snapshot;
            Resources.Add(resource);
            Listed.Add(Id);
        }

        internal string Id { get; }

        internal TableEntity Protection { get; }

        internal List<TableEntity> Transitions { get; } = [];

        internal List<TableEntity> Resources { get; } = [];

        internal List<TableEntity> Events { get; } = [];

        internal TableEntity Summary { get; } = NewRow("run", Created);

        internal TableEntity Definition { get; } = NewRow("1", Created);

        internal List<TakenSnapshot> Snapshots { get; } = [new(Resource, Snapshot, Place)];

        internal HashSet<string> Listed { get; } = [];

        internal Journal Journal { get; } = new();

        /// <summary>A rule decides that it goes.</summary>
        internal void Prune(DateTimeOffset at)
        {
            Protection["Prune"] = JsonSerializer.Serialize(new { At = at, By = new { Name = "retention" } });
            var decision = NewRow($"event:{Protection.RowKey}:0", Created.AddSeconds(States.Length));
            decision["Kind"] = "PruneRequested";
            Events.Add(decision);
        }

        /// <summary>It is said to be gone, and its snapshot is there.</summary>
        internal void Elapse()
        {
            AddTransition(States.Length, States[^1], "elapsed");
            Protection["Status"] = "elapsed";
            Protection["Sequence"] = States.Length;
        }

        internal IEnumerable<string> FindViolations()
        {
            var ledger = new Ledger(address, Definition, [Protection, .. Transitions, .. Events, .. Resources, Summary]);
            return new Judge(ledger, Snapshots.ToLookup(_ => Id), Listed, Journal).FindViolations().Select(found => found.Rule);
        }

        private void AddTransition(int number, string? from, string to)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"transition:{Protection.RowKey}:{number:D10}");
            var transition = NewRow(key, Created.AddSeconds(number));
            transition["Sequence"] = number;
            transition["From"] = from;
            transition["To"] = to;
            transition["At"] = Created.AddSeconds(number);
            Transitions.Add(transition);
        }

        private static TableEntity NewRow(string key, DateTimeOffset at) => new("", key) { Timestamp = at };
    }
}
