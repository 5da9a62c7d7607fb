using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using CloudRewind.TestSupport;

namespace CloudRewind.Chaos;

/// <summary>One round: assemblies of its own, clients and faults at once; then everything settles, and is judged.</summary>
internal sealed class Round(Cell cell, int size, Random dice, ChaosReport report)
{
    private const int Clients = 12;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestSettling = TimeSpan.FromMinutes(20);
    private static readonly string[] Kinds = ["sim-ok-", "sim-ok-", "sim-ok-", "sim-flaky-", "sim-fail-", "sim-throttled-", "sim-keep-"];

    // What is due waits for the run before it: throttled, each would take minutes.
    private static readonly string[] KindsOfPolicy = [.. Kinds.Where(kind => kind != "sim-throttled-")];

    private readonly TableServiceClient tables = new(cell.ConnectionString);
    private readonly Journal journal = new();
    private readonly List<AssemblyAddress> assemblies = [];
    private readonly List<(AssemblyAddress Assembly, DateTimeOffset DueAt)> due = [];

    /// <summary>What was done, in a few words.</summary>
    public string Plan { get; private set; } = "";

    /// <summary>How many protections there were.</summary>
    public int Protections { get; private set; }

    /// <returns>What broke a rule, each with the whole story.</returns>
    public async Task<IReadOnlyList<string>> RunAsync()
    {
        var (account, project) = (AssemblyAddress.NewId(), $"project-{Guid.NewGuid():N}");
        for (var number = 1; number <= size; number++)
            assemblies.Add(new AssemblyAddress(account, project, AssemblyAddress.NewId()));
        using (var founder = NewClient())
            await Task.WhenAll(assemblies.Select(assembly => FoundAsync(founder, assembly)));

        var until = DateTime.UtcNow + Window;
        var troublemaker = new Troublemaker(cell, new Random(dice.Next()), report);
        var clients = Enumerable.Range(0, Clients).Select(_ => NewClient()).ToList();
        var shares = assemblies.Chunk(1 + (size / Clients)).Concat(Enumerable.Repeat<AssemblyAddress[]>([], Clients));
        await Task.WhenAll([troublemaker.RunAsync(Window), .. clients.Zip(shares, (client, share) => client.RunAsync(share, until))]);
        foreach (var client in clients)
            client.Dispose();
        Plan = troublemaker.Done.Count == 0 ? "no faults" : string.Join(", ", troublemaker.Done);

        IReadOnlyList<string> unsettled;
        IReadOnlyList<Ledger> ledgers;
        ILookup<string, string> taken;
        do
        {
            unsettled = await SettleAsync();
            ledgers = await ReadAsync();
            taken = await SnapshotsAsync();
        }
        while (unsettled.Count == 0 && !(await ReadAsync()).Select(ledger => ledger.Version).SequenceEqual(ledgers.Select(ledger => ledger.Version))); // or they are of two moments

        Protections = ledgers.Sum(ledger => ledger.Protections.Count());
        CountWhatIsThere(ledgers, taken);
        return
        [
            .. unsettled,
            .. journal.Violations,
            .. ledgers.SelectMany(ledger => new Judge(ledger, taken, journal).FindViolations().Select(found => Describe(ledger, found.Protection, found.Rule))),
            .. FindLost(ledgers, taken),
        ];
    }

    // A check that finds nothing to look at finds no violation either.
    private void CountWhatIsThere(IReadOnlyList<Ledger> ledgers, ILookup<string, string> taken)
    {
        var protections = ledgers.SelectMany(ledger => ledger.Protections).ToList();
        report.Count("protections", protections.Count);
        report.Count("due times decided", ledgers.Sum(ledger => ledger.Missed.Count()) + protections.Count(protection => protection.GetBoolean("IsScheduled") is true));
        report.Count("removals by a rule", protections.Count(Ledger.IsByRule));
        report.Count("copies kept past their end", protections.Count(protection => protection.GetString("Kept") is not null));
        report.Count("assemblies deleted", ledgers.Count(ledger => ledger.IsDeleted));
        report.Count("snapshots", protections.Sum(protection => taken[protection.GetString("Id")].Count()));
    }

    private Client NewClient() => new(cell, assemblies, journal, report, new Random(dice.Next()));

    private async Task FoundAsync(Client founder, AssemblyAddress assembly)
    {
        string[] resources;
        int retention;
        bool hasPolicy;
        lock (dice)
        {
            (retention, hasPolicy) = (dice.Next(3), dice.Next(7) == 0);
            var kinds = hasPolicy ? KindsOfPolicy : Kinds;
            resources = [.. Enumerable.Range(0, 1 + dice.Next(3)).Select(number => cell.Aws is { } aws ? aws.AddVolume().Id : $"{kinds[dice.Next(kinds.Length)]}{number}")];
        }

        var body = AssemblyBody.Of(resources);
        if (cell.Aws is not null)
            body["cloudConnection"] = new JsonObject { ["roleArn"] = Cell.RoleArn };
        if (retention == 0)
            body["retention"] = "PT4S"; // a rule, unlike that of a request
        await founder.PutAsync(assembly.Path, HttpMethod.Put, body.ToJsonString(), 200, 201);
        if (!hasPolicy)
            return;

        var soon = DateTimeOffset.UtcNow.AddSeconds(4);
        var dueAt = new DateTimeOffset(soon.Year, soon.Month, soon.Day, soon.Hour, soon.Minute, 0, TimeSpan.Zero).AddMinutes(1);
        await founder.PutAsync(
            $"{assembly.Path}/protection-policies",
            HttpMethod.Post,
            new JsonObject
            {
                ["name"] = "soon",
                ["frequencyType"] = "fifteen-minutes",
                ["frequencyDetails"] = new JsonObject { ["offset"] = dueAt.Minute % 15 },
                ["timeZone"] = "UTC",
                ["retentionCount"] = 3,
                ["status"] = "enabled",
            }.ToJsonString(),
            201, 409);
        lock (due)
            due.Add((assembly, dueAt));
    }

    // Everything comes to its end by itself, once nobody makes trouble any more. What moves is waited for; what stands still for minutes is not going to move.
    private async Task<IReadOnlyList<string>> SettleAsync()
    {
        await cell.ReviveAsync(report);
        var (begun, moved) = (Stopwatch.GetTimestamp(), Stopwatch.GetTimestamp());
        List<(int, DateTimeOffset?)> before = [];
        while (true)
        {
            var ledgers = await ReadAsync();
            List<(int, DateTimeOffset?)> versions = [.. ledgers.Select(ledger => ledger.Version)];
            if (!versions.SequenceEqual(before))
                (before, moved) = (versions, Stopwatch.GetTimestamp());
            var now = DateTimeOffset.UtcNow;
            var waiting = ledgers.SelectMany(ledger => ledger.Protections.Select(protection => (ledger, protection, what: Judge.WaitsFor(ledger, protection, now))).Where(one => one.what is not null)).ToList();
            var deleting = ledgers.Where(ledger => ledger is { IsToBeDeleted: true, IsDeleted: false }).ToList();
            var toCome = due.Select(policy => (ledger: ledgers.Single(ledger => ledger.Assembly == policy.Assembly), policy.DueAt))
                .Where(one => !one.ledger.IsToBeDeleted && !IsDecided(one.ledger, one.DueAt)).ToList();
            if (waiting.Count + deleting.Count + toCome.Count == 0)
                return [];
            if (Stopwatch.GetElapsedTime(moved) > Eventually.Limit || Stopwatch.GetElapsedTime(begun) > LongestSettling)
            {
                return
                [
                    .. waiting.Select(one => Describe(one.ledger, one.protection, $"it waits for {one.what}")),
                    .. deleting.Select(ledger => $"{ledger.Assembly.Path} is not deleted\n{ledger.Story()}\n{SaidOf("atchdog")}"),
                    .. toCome.Select(one => $"{one.ledger.Assembly.Path}: nothing was decided about {one.DueAt:HH:mm}\n{one.ledger.Story()}\n{SaidOf("cheduler")}"),
                ];
            }

            await Task.Delay(TimeSpan.FromSeconds(1));
        }
    }

    private static bool IsDecided(Ledger ledger, DateTimeOffset dueAt) => ledger.Policies.Any() && ledger.Policies.All(policy => policy.GetDateTimeOffset("NextDueAt") > dueAt);

    private async Task<IReadOnlyList<Ledger>> ReadAsync() => await Task.WhenAll(assemblies.Select(assembly => Ledger.ReadAsync(tables, assembly)));

    // Of all rounds: one that belongs to no protection could be anybody's.
    private async Task<ILookup<string, string>> SnapshotsAsync()
    {
        if (cell.Aws is { } aws)
            return aws.Snapshots.ToLookup(snapshot => snapshot.Tags["cloudrewind:protection"], snapshot => snapshot.Volume.Id);
        List<(string, string)> found = [];
        await foreach (var row in tables.GetTableClient("SimulatedSnapshots").QueryAsync<TableEntity>())
        {
            if (row.ContainsKey("SnapshotId"))
                found.Add((row.GetString("ProtectionId"), row.GetString("ResourceId")));
        }

        return found.ToLookup(pair => pair.Item1, pair => pair.Item2);
    }

    private IEnumerable<string> FindLost(IReadOnlyList<Ledger> ledgers, ILookup<string, string> taken)
    {
        var known = ledgers.SelectMany(ledger => ledger.Protections).Select(protection => protection.GetString("Id")).ToHashSet(StringComparer.Ordinal);
        var own = string.Create(CultureInfo.InvariantCulture, $"t{assemblies[0].AccountId}:");
        return taken.Select(group => group.Key).Where(id => id.StartsWith(own, StringComparison.Ordinal) && !known.Contains(id)).Select(id => $"{id}: there are snapshots of it, and no such protection")
            .Concat(journal.Accepted.Where(id => !known.Contains(id)).Select(id => $"{id}: it was accepted, and there is no such protection"));
    }

    private string SaidOf(string what) => string.Join('\n', cell.Apps.SelectMany((app, number) =>
        app.Output.Split('\n').Where(line => line.Contains(what, StringComparison.Ordinal)).Select(line => $"  {number}: {line}")));

    private string Describe(Ledger ledger, TableEntity? protection, string rule)
    {
        if (protection is null)
            return $"{ledger.Assembly.Path}: {rule}";
        var id = protection.GetString("Id");
        var lines = cell.Apps.SelectMany(app => app.Output.Split('\n')).Where(line => line.Contains(id, StringComparison.Ordinal)).Select(line => $"  {line}");
        var told = journal.All.Where(one => one.Id == id).OrderBy(one => one.At).Select(one => string.Create(CultureInfo.InvariantCulture, $"  {one.At:HH:mm:ss.fff} a client was told {one.Sequence} {one.Status}"));
        return $"{id}: {rule}\n{ledger.Story(protection)}\n{string.Join('\n', told)}\n{string.Join('\n', lines)}";
    }
}
