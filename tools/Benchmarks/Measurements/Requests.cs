using Azure.Data.Tables;

namespace CloudRewind.Benchmarks.Measurements;

/// <summary>
/// What the app and the Durable engine ask of storage: for a lookup, for one that is refused, and for a whole
/// protection, from the POST until all is quiet again. It counts between two runs of the app's timers. Kinds of
/// requests that the host and the engine make while nothing is to be done are not counted.
/// </summary>
internal sealed class Requests : IMeasurement
{
    private const int WantedPerLookup = 1;
    private const int Attempts = 5;
    private const int FirstSecond = 4;
    private const int LastSecond = 42;

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(6); // longer than a queue may stay unpolled
    private static readonly TimeSpan LeastIdle = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan AfterTick = TimeSpan.FromSeconds(4);

    /// <inheritdoc/>
    public string Name => "requests";

    /// <inheritdoc/>
    public string Summary => "requests to storage: per lookup, per refused lookup, per protection";

    /// <inheritdoc/>
    public string? WhyNotOutside => "it puts proxies before a storage of its own";

    /// <inheritdoc/>
    public async Task MeasureAsync(Run run)
    {
        await using var storage = await StorageEmulator.StartAsync();
        await using var tally = await StorageTally.StartAsync(storage);
        using var app = await MeasuredApp.StartAsync(tally.Runtime, tally.TablesOfApp);
        var (assembly, id) = await app.ProtectAsync();
        var idle = await ObserveIdleAsync(run, tally);

        await CountLookupsAsync(run, tally, idle, app, assembly, id);
        await CountRefusalsAsync(run, tally, idle, app, assembly, id);
        var counts = new List<Dictionary<RequestKind, int>>();
        for (var i = 0; i < run.Sizes.CountedProtections; i++)
        {
            counts.Add(await CountProtectionAsync(tally, idle, app, new TableClient(storage.ConnectionString, TableLayout.Protections)));
            run.Say($"protection {i + 1}: {counts[^1].Values.Sum()} requests");
        }

        Report(run, counts);
    }

    private async Task<HashSet<RequestKind>> ObserveIdleAsync(Run run, StorageTally tally)
    {
        await Task.Delay(Settling);
        tally.Forget();
        var begun = DateTime.UtcNow;
        var toTick = TimeSpan.FromSeconds(60 - begun.Second);
        await Task.Delay(run.Options.IsQuick ? Settling : (toTick < LeastIdle ? LeastIdle : toTick) + AfterTick);
        var counted = tally.Count();
        var seconds = (DateTime.UtcNow - begun).TotalSeconds;
        Print("idle", counted);
        run.Report.Add(Row.Of(Name, "idle: requests of the app; of Durable; of these, polls of queues",
            $"{OfOwner(RequestOwner.App)}; {OfOwner(RequestOwner.Durable)}; {Sum(counted, kind => kind.IsPolling)} in {seconds:F0} s"));
        return [.. counted.Keys.Where(kind => kind.Owner == RequestOwner.Durable)];

        int OfOwner(RequestOwner owner) => Sum(counted, kind => kind.Owner == owner);
    }

    private async Task CountLookupsAsync(
        Run run, StorageTally tally, HashSet<RequestKind> idle, MeasuredApp app, AssemblyAddress assembly, string id)
    {
        var lookups = run.Sizes.CountedLookups;
        var counted = await BetweenTicksAsync(tally, idle, async () =>
        {
            for (var i = 0; i < lookups; i++)
                await app.Client.ReadAsync(ApiClient.StatusPath(assembly, id));
        });
        Print($"{lookups} lookups", counted);
        // Whether a token is revoked is asked once in a while, not for each lookup.
        var revocations = Sum(counted, kind => kind.IsOfRevokedTokens);
        var others = counted.Values.Sum() - revocations;
        run.Report.Add(Row.Of(
            Name,
            "requests / lookups",
            (double)others / lookups,
            $"{others} / {lookups}; beside them {revocations} for revoked tokens, of which each answer is remembered for a while",
            Row.AimOf($"{WantedPerLookup}", others == WantedPerLookup * lookups)));
    }

    private async Task CountRefusalsAsync(
        Run run, StorageTally tally, HashSet<RequestKind> idle, MeasuredApp app, AssemblyAddress assembly, string id)
    {
        using var stranger = new ApiClient(
            app.BaseAddress, app.Tokens.WithAnotherKey().Issue(new TokenClaims { AccountId = app.AccountId }));
        var other = app.NewAssembly();
        (string What, Func<Task<Answer>> Ask)[] refused =
        [
            ("token with another signature", () => stranger.GetAsync(ApiClient.StatusPath(assembly, id))),
            ("id of another assembly", () => app.Client.GetAsync(ApiClient.StatusPath(other, id))),
            ("invalid id", () => app.Client.GetAsync(ApiClient.StatusPath(assembly, "t1:1"))),
        ];
        foreach (var (what, ask) in refused)
        {
            var statuses = new HashSet<int>();
            var counted = await BetweenTicksAsync(tally, idle, async () =>
            {
                for (var i = 0; i < run.Sizes.CountedLookups; i++)
                    statuses.Add((await ask()).Require(400, 401, 403, 404).Status);
            });
            Print($"{run.Sizes.CountedLookups} lookups, {what}", counted);
            run.Report.Add(Row.Of(
                Name,
                $"requests / refused lookups: {what}, answered {string.Join(", ", statuses)}",
                (double)counted.Values.Sum() / run.Sizes.CountedLookups,
                $"{counted.Values.Sum()} / {run.Sizes.CountedLookups}",
                Row.AimOf($"0", counted.Count == 0)));
        }
    }

    // Nobody asks for the status meanwhile: the outcome is read past the proxies.
    private async Task<Dictionary<RequestKind, int>> CountProtectionAsync(
        StorageTally tally, HashSet<RequestKind> idle, MeasuredApp app, TableClient protections)
    {
        var counted = await BetweenTicksAsync(tally, idle, async () =>
        {
            var assembly = app.NewAssembly();
            await app.Client.PutAsync(assembly, SimulatedResources.Two);
            tally.Forget();
            var id = await app.Client.ProtectAsync(assembly);
            await Eventually.GetAsync(
                async () => (await protections.ReadProtectionAsync(id)).GetString("Status"),
                status => status == Outcomes.Success,
                $"the success of {id}");
            await UntilQuietAsync(tally, idle);
        });
        Print("one protection", counted);
        return counted;
    }

    private void Report(Run run, List<Dictionary<RequestKind, int>> counts)
    {
        var kinds = counts.SelectMany(count => count.Keys)
            .Distinct()
            .OrderBy(kind => kind.Owner)
            .ThenBy(kind => kind.Text, StringComparer.Ordinal)
            .ToList();
        var owners = Enum.GetValues<RequestOwner>().ToDictionary(
            owner => owner, owner => counts.Select(count => (double)Sum(count, kind => kind.Owner == owner)).Median());
        var (durable, app, simulated) = (owners[RequestOwner.Durable], owners[RequestOwner.App], owners[RequestOwner.Simulation]);
        var together = counts.Select(count => (double)count.Values.Sum()).Median();
        run.Report.Add(Row.Of(
            Name,
            "a protection of 2 resources: requests of Durable / requests of the app",
            durable / app,
            $"{durable} / {app}; the simulated provider {simulated}; together {together}; median of {counts.Count}"));
        run.Report.AddTable(
            "What a protection of 2 resources asks of storage",
            ["who", "request", "median", "for"],
            kinds.Select(kind => new[]
            {
                kind.Owner.ToString(),
                kind.Text,
                FormattableString.Invariant($"{counts.Select(count => (double)count.GetValueOrDefault(kind)).Median()}"),
                RequestPurposes.Of(kind),
            }));
    }

    /// <summary>
    /// Counts what work asks for, at a time in which no timer of the app runs: they run at the full minute. Work that
    /// goes on over one is done again.
    /// </summary>
    private static async Task<Dictionary<RequestKind, int>> BetweenTicksAsync(
        StorageTally tally, HashSet<RequestKind> idle, Func<Task> work)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            while (DateTime.UtcNow.Second is < FirstSecond or > LastSecond)
                await Task.Delay(TimeSpan.FromMilliseconds(100));
            var minute = DateTime.UtcNow.Minute;
            tally.Forget();
            await work();
            var counted = Counted(tally, idle);
            if (DateTime.UtcNow.Minute == minute)
                return counted;
        }

        throw new TimeoutException($"None of {Attempts} attempts was over within a minute.");
    }

    private static async Task UntilQuietAsync(StorageTally tally, HashSet<RequestKind> idle)
    {
        var (last, since) = (-1, DateTime.UtcNow);
        while (DateTime.UtcNow - since < Quiet)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100));
            if (Counted(tally, idle).Values.Sum() is var now && now != last)
                (last, since) = (now, DateTime.UtcNow);
        }
    }

    private static Dictionary<RequestKind, int> Counted(StorageTally tally, HashSet<RequestKind> idle) =>
        tally.Count().Where(kind => !kind.Key.IsPolling && !idle.Contains(kind.Key)).ToDictionary();

    private static int Sum(Dictionary<RequestKind, int> counted, Func<RequestKind, bool> which) =>
        counted.Where(kind => which(kind.Key)).Sum(kind => kind.Value);

    private static void Print(string what, Dictionary<RequestKind, int> counted)
    {
        Console.Error.WriteLine($"        {what}:");
        foreach (var (kind, count) in counted.OrderBy(kind => kind.Key.Owner).ThenBy(kind => kind.Key.Text, StringComparer.Ordinal))
            Console.Error.WriteLine($"        {count,6} {kind.Owner,-10} {kind.Text}");
    }
}
