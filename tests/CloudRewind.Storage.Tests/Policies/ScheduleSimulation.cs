using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Changes;
using CloudRewind.Domain.Policies;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Watchdog;
using CloudRewind.Storage.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using static CloudRewind.Domain.Protections.ProtectionStatus;

namespace CloudRewind.Storage.Tests.Policies;

/// <summary>
/// Two apps tick on one storage under a clock that the test moves, and are killed at random between any two writes; protections run and end, people meddle, the
/// app is down for days. What came of it is compared with what must have come of it by a model that knows nothing of how the product decides.
/// </summary>
internal sealed class ScheduleSimulation
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 30, TimeSpan.Zero);
    private static readonly Actor Person = new("alice", "token", "simulated");
    private static readonly Actor Rule = Actor.Retention("simulated");
    private static readonly string[] Zones = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Santiago"];

    private readonly IStoreBench bench;
    private readonly Random random;
    private readonly DateTimeOffset end;
    private readonly FakeTimeProvider time = new(Start);
    private readonly SwitchedAssemblies assemblies = new();
    private readonly Dictionary<PolicyKey, List<(PolicyDefinition Definition, DateTimeOffset From)>> definitions = [];
    private readonly Dictionary<AssemblyKey, List<Copy>> copies = [];
    private readonly HashSet<AssemblyKey> busy = [];
    private readonly Dictionary<AssemblyKey, DateTimeOffset> longRuns = [];
    private readonly CountRetention counts;
    private readonly App[] apps;
    private double killRate;

    public ScheduleSimulation(IStoreBench bench, int seed, TimeSpan duration)
    {
        this.bench = bench;
        random = new Random(seed);
        end = Start + duration;
        counts = new CountRetention(
            bench.Policies, bench.Due, bench.Store, new InMemoryWorkList(), new WatchPolicy(TimeSpan.FromMinutes(5), TimeSpan.FromHours(6)), time);
        apps = [new App(this), new App(this)];
    }

    /// <summary>One wait in so many lasts for hours or days, because nothing runs.</summary>
    public int DowntimeEvery { get; init; } = 4_000;

    public int Rounds { get; private set; }

    public int Kills { get; private set; }

    public int RuleRemovals { get; private set; }

    public int PersonRemovals { get; private set; }

    public int KeptAsNewest { get; private set; }

    /// <summary>What must not be; empty where all is well.</summary>
    public List<string> Violations { get; } = [];

    /// <summary>How many due times came to a protection, and how many to a record that they were missed, by the reason.</summary>
    public (int Protections, Dictionary<MissedReason, int> Missed) Decided { get; private set; } = (0, []);

    /// <summary>So many frequencies. Those that are due seldom are many, as they are in life; of the others there is one each.</summary>
    /// <param name="count">How many.</param>
    /// <param name="shortest">The shortest interval among them: it decides how long the simulation takes.</param>
    public static List<Frequency> Mix(int count, Frequency shortest)
    {
        var seldom = new[] { Frequency.TwelveHours, Frequency.Monthly, Frequency.Daily, Frequency.Daily, Frequency.Weekly, Frequency.Weekly, Frequency.Monthly, Frequency.Yearly };
        var each = Enum.GetValues<Frequency>().Where(frequency => frequency >= shortest).ToList();
        return [.. each, .. Enumerable.Range(0, count - each.Count).Select(number => seldom[number % seldom.Length])];
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Rounds} rounds, {Kills} kills, {Decided.Protections} protections, missed: {string.Join(", ", Decided.Missed.Select(pair => $"{pair.Value} {pair.Key}"))}; "
        + $"{RuleRemovals} removed by rules, {PersonRemovals} by people, {KeptAsNewest} times kept as the newest; violations: {Violations.Count}";

    public async Task RunAsync(IReadOnlyList<Frequency> frequencies)
    {
        await CreatePoliciesAsync(frequencies);
        while (time.GetUtcNow() < end)
        {
            Rounds++;
            Wait();
            killRate = random.Next(3) == 0 ? 0.05 : 0;
            if (random.Next(20) == 0)
                await MeddleAsync();
            var rows = await ListDueAsync();
            await Task.WhenAll(apps.Take(random.Next(1, 3)).Select(app => app.TickAsync(rows)));
            busy.UnionWith(rows.Select(row => row.Key.Assembly));
            if (rows.Count > 0 && random.Next(40) == 0)
                await ReplaceAsync(rows[random.Next(rows.Count)].Key);
            await RunProtectionsAsync();
        }

        // The last look is one without an accident.
        killRate = 0;
        foreach (var row in await ListDueAsync())
            await apps[0].LookAsync(row);
        await CompareAsync();
    }

    private async Task CreatePoliciesAsync(IReadOnlyList<Frequency> frequencies)
    {
        foreach (var pair in frequencies.Chunk(2))
        {
            var assembly = StorageFixture.NewAssembly();
            assemblies.Enable(assembly);
            copies[assembly] = [];
            foreach (var (frequency, index) in pair.Select((frequency, index) => (frequency, index)))
            {
                var definition = Define($"policy-{index}", frequency);
                var created = Assert.IsType<PolicyResult.Accepted>(await bench.Policies.CreateAsync(assembly, definition, time.GetUtcNow(), Person, CancellationToken.None)).Policy;
                definitions[created.Key] = [(definition, time.GetUtcNow())];
            }
        }
    }

    private PolicyDefinition Define(string name, Frequency frequency) => new(
        name,
        null,
        new ScheduleDefinition(frequency, Zones[random.Next(Zones.Length)])
        {
            DaysOfWeek = frequency.NeedsDaysOfWeek() ? [(NodaTime.IsoDayOfWeek)random.Next(1, 8)] : [],
            Months = frequency.NeedsMonths() ? [random.Next(1, 13)] : [],
            DaysOfMonth = frequency.NeedsDaysOfMonth() ? [random.Next(1, 32)] : [],
            Hours = frequency.NeedsHours() ? [random.Next(24)] : [],
            OffsetMinutes = random.Next(frequency.MaxOffsetMinutes() + 1),
        },
        random.Next(PolicyDefinition.MinRetentionCount, 7),
        random.Next(20) switch { 0 => PolicyStatus.Paused, 1 => PolicyStatus.Disabled, _ => PolicyStatus.Enabled });

    // Until something is due, and then a little; now and then nobody looks for hours or days.
    private void Wait()
    {
        var now = time.GetUtcNow();
        var next = NextDue() is { } due && due > now ? due : now.AddMinutes(1);
        var late = random.Next(DowntimeEvery) == 0 ? TimeSpan.FromHours(random.Next(1, 60)) : TimeSpan.FromSeconds(random.Next(random.Next(2) == 0 ? 90 : 1_000));
        time.SetUtcNow(next + late);
    }

    private DateTimeOffset? NextDue() => NextDueOf is null ? null : NextDueOf();

    /// <summary>When the first policy is due, where the bench can say it without a look at all.</summary>
    public Func<DateTimeOffset?>? NextDueOf { get; init; }

    private async Task<List<DuePolicy>> ListDueAsync()
    {
        List<DuePolicy> rows = [];
        await foreach (var row in bench.Due.ListDueAsync(time.GetUtcNow(), unreadable => throw unreadable.Error, CancellationToken.None))
        {
            if (definitions.ContainsKey(row.Key))
                rows.Add(row);
        }

        return rows;
    }

    // What the orchestrations do: most runs are short, some are long, and some fail.
    private async Task RunProtectionsAsync()
    {
        foreach (var assembly in busy.ToList())
        {
            if ((await bench.Store.GetSummaryAsync(assembly, CancellationToken.None)).Running is not { } id)
                busy.Remove(assembly);
            else if (random.Next(300) == 0)
                longRuns[assembly] = time.GetUtcNow().AddHours(random.Next(1, 20));
            else if (longRuns.GetValueOrDefault(assembly) <= time.GetUtcNow() && await bench.Store.FindAsync(id, CancellationToken.None) is { } running)
                await EndAsync(running);
        }
    }

    private async Task EndAsync(Protection running)
    {
        ProtectionStatus[] states = random.Next(20) switch
        {
            0 => [Preparing, Skipped],
            1 => [Preparing, Failed],
            2 or 3 => [Preparing, PreparationCompleted, InProgress, PartiallyProtected],
            4 => [Preparing, PreparationCompleted, InProgress, Failed],
            _ => [Preparing, PreparationCompleted, InProgress, Success],
        };
        var ended = await bench.Store.MovedAsync(running, states);
        copies[running.Id.Assembly].Add(new Copy(ended.Id, ended.Outcome!.Value, Rounds));
        busy.Remove(running.Id.Assembly);

        if (running.Id.PolicyId > 0)
        {
            var key = new PolicyKey(running.Id.Assembly, running.Id.PolicyId);
            await counts.ApplyAsync(key, Rule, pruned => RemovedByRuleAsync(pruned.Id), CountRetention.LimitOfCaller, CancellationToken.None);
        }

        // Those of a person end by time: their orchestrations look at the clock.
        foreach (var copy in copies[running.Id.Assembly].Where(copy => copy.Id.PolicyId == 0).ToList())
        {
            var act = await bench.Store.ActAsync(copy.Id, (current, summary) => current.EndRetention(summary, time.GetUtcNow(), Rule), CancellationToken.None);
            if (act!.Result == ActResult.Done && act.Releases)
                await RemovedByRuleAsync(copy.Id);
            KeptAsNewest += act.Result == ActResult.NewestGood ? 1 : 0;
        }
    }

    private async Task RemovedByRuleAsync(ProtectionId id)
    {
        RuleRemovals++;
        var own = copies[id.Assembly];
        var removed = own.Single(copy => copy.Id == id);
        var newest = own.Where(copy => copy.Outcome == Success).MaxBy(copy => copy.Order)
            ?? own.Where(copy => copy.Outcome == PartiallyProtected).MaxBy(copy => copy.Order);
        if (newest == removed)
            Violations.Add($"A rule removed {id}, the newest good copy.");
        if (removed.IsLocked)
            Violations.Add($"A rule removed {id}, which is locked.");
        await RemoveAsync(removed);
    }

    private async Task RemoveAsync(Copy copy)
    {
        copies[copy.Id.Assembly].Remove(copy);
        if (await bench.Store.FindAsync(copy.Id, CancellationToken.None) is { } protection)
            await bench.Store.MovedAsync(protection, Elapsed);
    }

    private async Task MeddleAsync()
    {
        var now = time.GetUtcNow();
        var assembly = copies.Keys.ElementAt(random.Next(copies.Count));
        var left = copies[assembly];
        switch (random.Next(7))
        {
            case 0:
                assemblies.EnableAllBut(assembly);
                break;
            case 1:
                await ReplaceAsync((await ListDueAsync()).FirstOrDefault()?.Key ?? definitions.Keys.First());
                break;
            case 2 when left.Count > 0:
                var newest = left[^1];
                if ((await bench.Store.ActAsync(newest.Id, (current, summary) => current.RequestPrune(summary, now, Person), CancellationToken.None))!.Result == ActResult.Done)
                {
                    PersonRemovals++;
                    await RemoveAsync(newest);
                }

                break;
            case 3 or 4 when left.Count > 0:
                var copy = left[random.Next(left.Count)];
                copy.IsLocked = !copy.IsLocked;
                await bench.Store.ActAsync(
                    copy.Id, (current, summary) => copy.IsLocked ? current.SetLock(summary, now, Person) : current.Unlock(summary, now, Person), CancellationToken.None);
                break;
            default:
                // A run that a person asks for is in the way of those that are due.
                await bench.Store.CreateAsync(new NewProtection(assembly, 0, "by hand", TimeSpan.FromDays(random.Next(1, 10)), now, null), CancellationToken.None);
                busy.Add(assembly);
                break;
        }
    }

    // A request takes its time, and a look may come before it. One that is paused is soon enabled again.
    private async Task ReplaceAsync(PolicyKey key)
    {
        var segments = definitions[key];
        var current = segments[^1].Definition;
        var definition = current.Status == PolicyStatus.Paused ? current with { Status = PolicyStatus.Enabled }
            : random.Next(8) == 0 ? current with { Status = PolicyStatus.Paused }
            : Define(current.Name, current.Schedule.Frequency);
        var at = time.GetUtcNow() - TimeSpan.FromSeconds(random.Next(90));
        var decided = (await bench.Policies.FindAsync(key, CancellationToken.None))!.DecidedUpTo;
        Assert.IsType<PolicyResult.Accepted>(await bench.Policies.ReplaceAsync(key, definition, _ => true, at, Person, CancellationToken.None));
        segments.Add((definition, decided > at ? decided.Value : at));
    }

    private async Task CompareAsync()
    {
        var (protections, missedBy) = (0, new Dictionary<MissedReason, int>());
        foreach (var (key, segments) in definitions)
        {
            var policy = (await bench.Policies.FindAsync(key, CancellationToken.None))!;
            var expected = Expected(segments, policy.NextDueAt).ToHashSet();
            var made = new List<DateTimeOffset>();
            for (var (skip, total) = (0, (int?)null); total is null; skip += 1_000)
            {
                var page = await bench.Store.ListAsync(new ProtectionQuery(key.Assembly, 0, long.MaxValue, skip, 1_000), CancellationToken.None);
                made.AddRange(page.Items.Where(item => item.Id.PolicyId == key.PolicyId).Select(item => DateTimeOffset.FromUnixTimeMilliseconds(item.Id.EpochMilliseconds)));
                total = page.Total;
            }

            var missed = (await bench.Policies.ListMissedAsync(key, 0, 1_000_000, CancellationToken.None)).Items;
            var decided = made.Concat(missed.Select(run => run.DueAt)).ToList();
            Violations.AddRange(decided.GroupBy(due => due).Where(due => due.Count() > 1).Select(due => $"{key}: {due.Count()} decisions about {due.Key:u}"));
            Violations.AddRange(expected.Except(decided).Select(due => $"{key}: no decision about {due:u}"));
            Violations.AddRange(decided.Except(expected).Select(due => $"{key}: a decision about {due:u}, which was not due"));
            protections += made.Count;
            foreach (var run in missed)
                missedBy[run.Reason] = missedBy.GetValueOrDefault(run.Reason) + 1;
        }

        Decided = (protections, missedBy);
    }

    // The due times of each definition while it stood, up to the first that is undecided.
    private IEnumerable<DateTimeOffset> Expected(List<(PolicyDefinition Definition, DateTimeOffset From)> segments, DateTimeOffset? undecided)
    {
        for (var index = 0; index < segments.Count; index++)
        {
            var (definition, from) = segments[index];
            var until = index + 1 < segments.Count ? segments[index + 1].From : time.GetUtcNow();
            if (definition.Status == PolicyStatus.Disabled)
                continue;
            var schedule = new Schedule(definition.Schedule);
            for (var due = schedule.After(from); due <= until; due = schedule.After(due.Value))
            {
                if (index + 1 < segments.Count || undecided is null || due < undecided)
                    yield return due.Value;
            }
        }
    }

    private Fault NextFault()
    {
        lock (random)
        {
            if (random.NextDouble() >= killRate)
                return Fault.None;
            Kills++;
            return random.Next(2) == 0 ? Fault.CrashBefore : Fault.CrashAfter;
        }
    }

    private sealed class Copy(ProtectionId id, ProtectionStatus outcome, int order)
    {
        public ProtectionId Id => id;

        public ProtectionStatus Outcome => outcome;

        public int Order => order;

        public bool IsLocked { get; set; }
    }

    // An app with nothing in memory that could outlive it.
    private sealed class App
    {
        private static readonly Actor By = Actor.Scheduler("simulated");
        private readonly ScheduleRun schedule;

        public App(ScheduleSimulation world)
        {
            var (policies, due) = world.bench.PoliciesThrough(world.NextFault);
            schedule = new ScheduleRun(policies, due, world.assemblies, world.time);
        }

        // A kill ends the tick; the next one is that of a new process.
        public async Task TickAsync(IReadOnlyList<DuePolicy> rows)
        {
            try
            {
                foreach (var row in rows)
                    await schedule.LookAsync(row, By, CancellationToken.None);
            }
            catch (CrashException)
            {
            }
        }

        public Task LookAsync(DuePolicy row) => schedule.LookAsync(row, By, CancellationToken.None);
    }

    private sealed class SwitchedAssemblies : ICloudAssemblyStore
    {
        private readonly Dictionary<AssemblyKey, CloudAssembly> rows = [];

        public void EnableAllBut(AssemblyKey disabled)
        {
            foreach (var key in rows.Keys)
                Enable(key, key != disabled);
        }

        public void Enable(AssemblyKey key, bool isEnabled = true) => rows[key] = new CloudAssembly(
            key,
            new AssemblyDefinition("Demo", null, "eu-central-1", new CloudConnection("arn:aws:iam::123456789012:role/demo", null), new ResourceFilter.Manual([]), null, isEnabled ? AssemblyStatus.Enabled : AssemblyStatus.Disabled),
            Start,
            Start,
            1);

        public Task<CloudAssembly?> FindAsync(AssemblyKey key, CancellationToken cancellationToken) => Task.FromResult(rows.GetValueOrDefault(key));

        public Task<CloudAssemblyPage> ListAsync(long accountId, string projectId, int skip, int take, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<(CloudAssembly Assembly, Change? Change)?> AdvanceDeletionAsync(
            AssemblyKey key, AssemblyStatus status, DateTimeOffset at, Actor by, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<Change>> ListChangesAsync(AssemblyKey key, int take, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<PutResult> PutAsync(
            AssemblyKey key, AssemblyDefinition definition, Predicate<CloudAssembly?> condition, DateTimeOffset at, Actor by, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
