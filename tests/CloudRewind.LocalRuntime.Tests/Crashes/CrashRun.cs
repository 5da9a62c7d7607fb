using CloudRewind.LocalRuntime.DevelopmentStorage;
using CloudRewind.LocalRuntime.Durable;
using CloudRewind.LocalRuntime.Tests.Support;
using CloudRewind.LocalRuntime.Workload;
using CloudRewind.TestSupport;

namespace CloudRewind.LocalRuntime.Tests.Crashes;

/// <summary>One run: instances that work in an app of their own, somebody who kills it again and again, and a look at what is left.</summary>
internal sealed class CrashRun : IAsyncDisposable
{
    // From before the app listens to well into its work.
    private const int LongestLife = 2_500;

    private readonly string _folder = Directory.CreateTempSubdirectory("crash-run-").FullName;
    private readonly CrashSettings _settings;
    private readonly Random _random;
    private readonly bool _storeForgets;
    private readonly CrashClient _client;
    private readonly List<string> _ids;
    private readonly Task _drive;

    /// <param name="settings">How long it is.</param>
    /// <param name="azurite">The store.</param>
    /// <param name="storePort">Where the app finds it.</param>
    /// <param name="storeForgets">Whether the store will be killed too.</param>
    public CrashRun(CrashSettings settings, Azurite azurite, int storePort, bool storeForgets)
    {
        (_settings, _storeForgets, _random) = (settings, storeForgets, new Random(settings.Seed));
        var direct = TestStorage.ConnectionString(azurite);
        Histories = new StoredHistories(direct, storeForgets);
        App = new AppProgram(typeof(Journal).Assembly.Location, direct.Replace($":{azurite.Port}/", $":{storePort}/", StringComparison.Ordinal));
        App.Settings[Journal.FolderVariable] = _folder;
        _client = new CrashClient(App.BaseAddress, storeForgets);
        _ids = [.. Enumerable.Range(0, settings.Instances).Select(i => $"work-{i}")];
        _drive = Task.WhenAll(_ids.Select(id => _client.DriveAsync(id, Plan())));
    }

    public AppProgram App { get; }

    public StoredHistories Histories { get; }

    public int Kills { get; private set; }

    public int Lives { get; private set; }

    public int Next(int end) => _random.Next(end);

    /// <summary>The next part of what the client does may be done.</summary>
    public void BeginRound(int round) => _client.Round = round;

    public void Launch()
    {
        App.Settings[Journal.LifeVariable] = $"{++Lives}";
        App.Launch();
    }

    /// <summary>A moment that may be any.</summary>
    public Task AnyMomentAsync() => Task.Delay(_random.Next(LongestLife));

    public async Task KillAsync()
    {
        App.Kill();
        Kills++;
        await Histories.LookAsync(Lives);
    }

    /// <summary>Lets everything come to its end, with no further kills, stops the app in order, and says what is not as it should be.</summary>
    /// <param name="beforeStop">What is to be put right so that the app can reach its store while it stops: what it cannot give back, it has to leave.</param>
    public async Task<IReadOnlyList<string>> EndAsync(Action? beforeStop = null)
    {
        _client.Round = int.MaxValue;
        if (!App.IsRunning)
            Launch();
        await App.ReadyAsync();
        var violations = (await _client.WaitAsync(_ids, WorkFunctions.Generations)).Select(id => $"{id} has not ended").ToList();
        if (violations.Count == 0)
            await _drive;

        beforeStop?.Invoke();
        await App.SignalAsync("TERM");
        if (await App.ExitAsync() is not 0 and var code)
            violations.Add($"The app ended with exit code {code}: {App.Output}");
        await Histories.LookAsync(Lives);
        violations.AddRange(Histories.Violations);
        violations.AddRange((await Histories.LeftoversAsync()).Select(row => $"The row '{row}' is left"));
        var computed = ReadJournals(violations);
        violations.AddRange(_client.Ended.SelectMany(ended => CheckOutput(ended.Key, ended.Value, computed)));
        return violations;
    }

    public string Report(IReadOnlyCollection<string> violations, string more = "") =>
        $"seed {_settings.Seed}: {_settings.Rounds} rounds, {Kills} kills of the app{more}, {_settings.Instances} instances, " +
        $"{_client.Ended.Count} ended, {Histories.TurnsSeen} turns and {Histories.ResultsSeen} results seen recorded, " +
        $"{_client.Requests} requests, {violations.Count} violations{string.Concat(violations.Select(v => $"\n  {v}"))}";

    public async ValueTask DisposeAsync()
    {
        App.Dispose();
        _client.Dispose();
        await Task.CompletedTask;
        Directory.Delete(_folder, true);
    }

    /// <summary>The rounds in which an instance is started and gets its events, so that there is something to lose until the end.</summary>
    private int[] Plan()
    {
        int[] rounds = [.. Enumerable.Range(0, WorkFunctions.Generations + 1).Select(_ => _random.Next(_settings.Rounds))];
        Array.Sort(rounds);
        rounds[0] /= 3;
        return rounds;
    }

    /// <summary>All that was computed. What was known to be recorded when a life of the app began must not be among what that life computed.</summary>
    private HashSet<Computed> ReadJournals(List<string> violations)
    {
        var computed = new HashSet<Computed>();
        var lives = _ids.SelectMany(WorkFunctions.KeysOf).ToDictionary(key => key, Histories.LifeOf);
        for (var life = 1; life <= Lives; life++)
        {
            var path = Journal.PathOf(_folder, $"{life}");
            foreach (var note in File.Exists(path) ? File.ReadLines(path).Select(line => line.Split(' ')) : [])
            {
                computed.Add(new Computed(note[0], note[1]));
                if (lives.GetValueOrDefault(note[0]) is { } recorded && recorded < life)
                    violations.Add($"{note[0]} was recorded after life {recorded}, and was computed again in life {life}");
            }
        }

        return computed;
    }

    private IEnumerable<string> CheckOutput(string id, InstanceView view, HashSet<Computed> computed)
    {
        if (view.Status != "Completed")
        {
            yield return $"{id} is {view.Status}: {view.Output}";
            yield break;
        }

        var output = DurableJson.Read<WorkState>(view.Output!.Value.GetRawText())!;
        if (output.Generation != WorkFunctions.Generations || !output.Values.Select(v => v.Key).SequenceEqual(WorkFunctions.KeysOf(id)))
            yield return $"{id} has a wrong output: {view.Output}";
        foreach (var value in output.Values.Where(v => !computed.Contains(v)))
            yield return $"{id} has the value {value}, which nobody computed";
        foreach (var value in output.Values.Where(v => Histories.RecordedBy(id, v.Key) is { } recorded && recorded != v.Value))
            yield return $"{id} has the value {value}, and another one was recorded";

        var numbers = Enumerable.Range(1, WorkFunctions.Generations).ToList();
        var came = output.Events.Distinct().ToList();
        if (!(_storeForgets ? came.Order().ToList() : came).SequenceEqual(numbers))
            yield return $"{id} received {string.Join(", ", output.Events)}";
        foreach (var number in numbers.Where(n => output.Events.Count(e => e == n) > _client.SentOf(id, n)))
            yield return $"{id} received {number} more often than it was sent";
    }
}
