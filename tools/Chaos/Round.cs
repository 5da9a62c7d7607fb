using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using CloudRewind.TestSupport;

namespace CloudRewind.Chaos;

/// <summary>One round: assemblies of its own, clients and faults at once; then everything settles, and is judged.</summary>
internal sealed class Round(Cell cell, Theme theme, ChaosOptions options, Random dice, ChaosReport report)
{
    private const int Clients = 12;
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestSettling = TimeSpan.FromMinutes(20);
    private static readonly string[] Kinds = ["sim-ok-", "sim-ok-", "sim-ok-", "sim-flaky-", "sim-fail-", "sim-throttled-", "sim-keep-"];

    // What is due waits for the run before it: throttled, each would take minutes.
    private static readonly string[] KindsOfPolicy = [.. Kinds.Where(kind => kind != "sim-throttled-")];

    private readonly TableServiceClient tables = new(cell.ConnectionString);
    private readonly Journal journal = new();
    private readonly List<OwnedAssembly> assemblies = [];
    private readonly List<(AssemblyAddress Assembly, DateTimeOffset DueAt)> due = [];

    /// <summary>What was done, in a few words.</summary>
    public string Plan { get; private set; } = "";

    /// <summary>How many protections there were.</summary>
    public int Protections { get; private set; }

    /// <returns>Each violation, with its whole story.</returns>
    public async Task<IReadOnlyList<string>> RunAsync()
    {
        var (account, project) = (AssemblyAddress.NewId(), $"project-{Guid.NewGuid():N}");
        for (var number = 1; number <= options.Assemblies; number++)
        {
            var hasPolicy = dice.Next(7) == 0;
            var assembly = new OwnedAssembly(new AssemblyAddress(account, project, AssemblyAddress.NewId()), Define(hasPolicy));
            assemblies.Add(assembly);
            if (hasPolicy)
                due.Add((assembly.Address, NextMinute()));
        }

        var clients = Enumerable.Range(0, Clients).Select(_ => NewClient()).ToList();
        var shares = assemblies.Chunk(1 + (assemblies.Count / Clients)).Concat(Enumerable.Repeat<OwnedAssembly[]>([], Clients)).ToList();
        await Task.WhenAll(clients.Zip(shares, FoundAsync));

        var troublemaker = new Troublemaker(cell, account, theme, options.LongestOutage, new Random(dice.Next()), report, journal);
        var until = DateTime.UtcNow + troublemaker.Window;
        await Task.WhenAll([troublemaker.RunAsync(), .. clients.Zip(shares, (client, share) => client.RunAsync(share, until))]);
        Plan = troublemaker.Done;

        var unsettled = await SettleAsync();
        if (unsettled.Count == 0)
            await MoveAsync(clients[0]);
        IReadOnlyList<Ledger> ledgers;
        ILookup<string, TakenSnapshot> taken;
        IReadOnlySet<string> listed;
        do
        {
            if (unsettled.Count == 0)
                unsettled = await SettleAsync();
            ledgers = await ReadAsync();
            (taken, listed) = (await SnapshotsAsync(), await WorkListAsync());
        }
        while (unsettled.Count == 0 && !VersionsOf(await ReadAsync()).SequenceEqual(VersionsOf(ledgers))); // or they are of two moments
        await troublemaker.CleanAsync();
        var refused = await JudgeKeysAsync(clients[0]);
        foreach (var client in clients)
            client.Dispose();

        Protections = ledgers.Sum(ledger => ledger.Protections.Count());
        CountWhatIsThere(ledgers, taken, listed);
        return
        [
            .. unsettled,
            .. journal.Violations,
            .. troublemaker.LeavesHostsAlone ? journal.OverdueLookups.Select(lookup => $"a lookup had no answer: {lookup}") : [],
            .. refused,
            .. from ledger in ledgers
               from found in new Judge(ledger, taken, listed, journal).FindViolations()
               select Describe(ledger, found.Protection, found.Rule),
            .. FindLost(ledgers, taken),
        ];
    }

    // Invariant 12 is about copies of an assembly that has moved since.
    private async Task MoveAsync(Client client)
    {
        var removed = (await ReadAsync()).SelectMany(ledger => ledger.Protections)
            .Where(protection => protection.GetString("Status") is "success" or "partially-protected" && dice.Next(2) == 0);
        await client.MoveAsync([.. removed.Select(protection => protection.GetString("Id"))]);
    }

    // A check that finds nothing to look at finds no violation either.
    private void CountWhatIsThere(IReadOnlyList<Ledger> ledgers, ILookup<string, TakenSnapshot> taken, IReadOnlySet<string> listed)
    {
        var protections = ledgers.SelectMany(ledger => ledger.Protections).ToList();
        report.Count(Judged.Protections, protections.Count);
        report.Count(Judged.Outcomes, protections.Count(protection => protection.GetString("Outcome") is not null));
        report.Count(Judged.Elapsed, protections.Count(protection => protection.GetString("Status") == "elapsed"));
        report.Count(Judged.Snapshots, protections.Sum(protection => taken[protection.GetString("Id")].Count()));
        var resources = ledgers.SelectMany(ledger => ledger.Protections.SelectMany(ledger.Resources));
        report.Count(Judged.RecordedSnapshots, resources.Count(resource => resource.GetString("SnapshotId") is not null));
        report.Count(Judged.ReplacedOrchestrations, protections.Sum(protection => protection.GetInt32("Generation") ?? 0));
        report.Count(Judged.CopiesOfMovedAssemblies, ledgers.Sum(ledger => ledger.Protections.Count(ledger.IsElsewhere)));
        report.Count(Judged.DueTimes, ledgers.Sum(ledger => ledger.Missed.Count()));
        report.Count(Judged.DueTimes, protections.Count(protection => protection.GetBoolean("IsScheduled") is true));
        report.Count(Judged.RemovalsByARule, protections.Count(Ledger.IsByRule));
        report.Count(Judged.CopiesKeptPastTheirEnd, protections.Count(protection => protection.GetString("Kept") is not null));
        report.Count(Judged.DeletedAssemblies, ledgers.Count(ledger => ledger.IsDeleted));
        report.Count(Judged.WorkListRows, protections.Count(protection => listed.Contains(protection.GetString("Id"))));
    }

    private async Task<IReadOnlyList<string>> JudgeKeysAsync(Client client)
    {
        if (cell.Keys.Withdrawn is not { } withdrawn)
            return [];
        await Task.Delay(cell.Keys.WithdrawnKeyIsTrustedFor + Margin);
        var (ofWithdrawn, ofCurrent) = (await client.AskAllAsync(withdrawn), await client.AskAllAsync(cell.Keys.Current));
        report.Count(Judged.WithdrawnKeys, ofWithdrawn.Count);
        return
        [
            .. ofWithdrawn.Where(status => status != 401).Select(status => $"a token of a withdrawn key was answered with {status}"),
            .. ofCurrent.Where(status => status == 401).Select(_ => "a token of the current key was refused"),
        ];
    }

    private Client NewClient() => new(cell, assemblies, journal, report, new Random(dice.Next()));

    private IReadOnlyList<string> Define(bool hasPolicy)
    {
        var isShort = dice.Next(3) == 0;
        var kinds = hasPolicy ? KindsOfPolicy : Kinds;
        var bodies = cell.Aws is { } aws ? AwsPlaces.Define(aws, dice) : [.. Enumerable.Range(0, 3).Select(_ => DefineSimulated(kinds))];
        foreach (var body in bodies.Where(_ => isShort))
            body["retention"] = "PT4S"; // a rule, unlike that of a request
        return [.. bodies.Select(body => body.ToJsonString())];
    }

    private JsonObject DefineSimulated(string[] kinds)
    {
        var resources = Enumerable.Range(0, 1 + dice.Next(3)).Select(number => $"{kinds[dice.Next(kinds.Length)]}{number}");
        var body = AssemblyBody.Of([.. resources]);
        body["sourceRegion"] = AwsPlaces.Regions[dice.Next(AwsPlaces.Regions.Count)];
        body["cloudConnection"] = new JsonObject { ["roleArn"] = AwsPlaces.Roles[dice.Next(AwsPlaces.Roles.Count)] };
        return body;
    }

    // The first full minute that leaves time to put the policy.
    private static DateTimeOffset NextMinute()
    {
        var soon = DateTimeOffset.UtcNow.AddSeconds(4);
        return new DateTimeOffset(soon.Year, soon.Month, soon.Day, soon.Hour, soon.Minute, 0, TimeSpan.Zero).AddMinutes(1);
    }

    private async Task FoundAsync(Client client, OwnedAssembly[] share)
    {
        foreach (var assembly in share)
        {
            await client.PutAsync(assembly.Address.Path, HttpMethod.Put, assembly.Definitions[0], 200, 201);
            foreach (var (_, dueAt) in due.Where(policy => policy.Assembly == assembly.Address))
            {
                await client.PutAsync(
                    $"{assembly.Address.Path}/protection-policies",
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
            }
        }
    }

    // Without faults, everything has to end by itself. While rows change, it is waited for; what stands still for minutes will not move.
    private async Task<IReadOnlyList<string>> SettleAsync()
    {
        await cell.ReviveAsync(report);
        var (begun, moved) = (Stopwatch.GetTimestamp(), Stopwatch.GetTimestamp());
        List<(int, DateTimeOffset?)> before = [];
        while (true)
        {
            var ledgers = await ReadAsync();
            var versions = VersionsOf(ledgers).ToList();
            if (!versions.SequenceEqual(before))
                (before, moved) = (versions, Stopwatch.GetTimestamp());
            var now = DateTimeOffset.UtcNow;
            var waiting = (from ledger in ledgers
                           from protection in ledger.Protections
                           let what = Judge.WaitsFor(ledger, protection, now)
                           where what is not null
                           select (ledger, protection, what)).ToList();
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
                    .. toCome.Select(one =>
                        $"{one.ledger.Assembly.Path}: {one.DueAt:HH:mm} is not decided\n{one.ledger.Story()}\n{SaidOf("cheduler")}"),
                ];
            }

            await Task.Delay(TimeSpan.FromSeconds(1));
        }
    }

    private static IEnumerable<(int, DateTimeOffset?)> VersionsOf(IReadOnlyList<Ledger> ledgers) =>
        ledgers.Select(ledger => ledger.Version);

    private static bool IsDecided(Ledger ledger, DateTimeOffset dueAt) =>
        ledger.Policies.Any() && ledger.Policies.All(policy => policy.GetDateTimeOffset("NextDueAt") > dueAt);

    private async Task<IReadOnlyList<Ledger>> ReadAsync() =>
        await Task.WhenAll(assemblies.Select(assembly => Ledger.ReadAsync(tables, assembly.Address)));

    // Of all rounds, regions and accounts.
    private async Task<ILookup<string, TakenSnapshot>> SnapshotsAsync()
    {
        if (cell.Aws is { } aws)
        {
            return aws.Snapshots.ToLookup(
                snapshot => snapshot.Tags["cloudrewind:protection"],
                snapshot => new TakenSnapshot(
                    snapshot.Volume.Id, snapshot.Id, Ledger.PlaceName("aws", snapshot.Account, snapshot.Volume.Region)));
        }

        List<(string Protection, TakenSnapshot Snapshot)> found = [];
        foreach (var row in await tables.ReadSimulatedAsync())
        {
            if (row.GetString("SnapshotId") is { } id)
                found.Add((row.GetString("ProtectionId"), new TakenSnapshot(row.GetString("ResourceId"), id, row.GetString("Location"))));
        }

        return found.ToLookup(pair => pair.Protection, pair => pair.Snapshot);
    }

    private async Task<IReadOnlySet<string>> WorkListAsync()
    {
        HashSet<string> listed = new(StringComparer.Ordinal);
        await foreach (var row in tables.GetTableClient("WorkList").QueryAsync<TableEntity>("Kind eq 'lifecycle'"))
        {
            if (row["Subject"] is string id)
                listed.Add(id);
        }

        return listed;
    }

    private IReadOnlyList<string> FindLost(IReadOnlyList<Ledger> ledgers, ILookup<string, TakenSnapshot> taken)
    {
        var known = ledgers.SelectMany(ledger => ledger.Protections).Select(protection => protection.GetString("Id")).ToHashSet();
        var own = string.Create(CultureInfo.InvariantCulture, $"t{assemblies[0].Address.AccountId}:");
        return
        [
            .. from id in taken.Select(snapshots => snapshots.Key)
               where id.StartsWith(own, StringComparison.Ordinal) && !known.Contains(id)
               select $"{id}: there are snapshots of it, and no such protection",
            .. from id in journal.Accepted
               where !known.Contains(id)
               select $"{id}: it was accepted, and there is no such protection",
        ];
    }

    private string SaidOf(string what) => string.Join('\n', cell.Apps.SelectMany((app, number) =>
        app.Output.Split('\n').Where(line => line.Contains(what, StringComparison.Ordinal)).Select(line => $"  {number}: {line}")));

    private string Describe(Ledger ledger, TableEntity? protection, string rule)
    {
        if (protection is null)
            return $"{ledger.Assembly.Path}: {rule}";
        var id = protection.GetString("Id");
        var told = journal.All.Where(one => one.Id == id).OrderBy(one => one.At).Select(one =>
            string.Create(CultureInfo.InvariantCulture, $"{one.At:HH:mm:ss.fff} a client was told {one.Sequence} {one.Status}"));
        var said = cell.Apps.SelectMany(app => app.Output.Split('\n'));
        var lines = told.Concat(journal.Notes.Concat(said).Where(line => line.Contains(id, StringComparison.Ordinal)));
        return $"{id}: {rule}\n{ledger.Story(protection)}\n{string.Join('\n', lines.Select(line => $"  {line}"))}";
    }
}
