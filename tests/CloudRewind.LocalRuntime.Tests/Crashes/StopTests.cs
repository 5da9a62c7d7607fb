using System.Globalization;
using Azure.Data.Tables;
using CloudRewind.LocalRuntime.Durable.Storage;
using CloudRewind.LocalRuntime.Workload;
using CloudRewind.TestSupport;

namespace CloudRewind.LocalRuntime.Tests.Crashes;

/// <summary>A process that is asked to end, and what it leaves to the next one.</summary>
public sealed class StopTests : IAsyncLifetime
{
    private const int ActivitiesAtOnce = 20;
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    private readonly string _folder = Directory.CreateTempSubdirectory("stop-").FullName;
    private TableStorage _storage = null!;
    private AppProgram _app = null!;
    private HttpClient _http = null!;

    public async Task InitializeAsync()
    {
        _storage = await TableStorage.StartAsync();
        _app = new AppProgram(typeof(Journal).Assembly.Location, _storage.ConnectionString);
        _app.Settings[Journal.FolderVariable] = _folder;
        _http = new HttpClient { BaseAddress = _app.BaseAddress };
        await _app.StartAsync();
    }

    public async Task DisposeAsync()
    {
        _app.Dispose();
        _http.Dispose();
        await _storage.DisposeAsync();
        Directory.Delete(_folder, true);
    }

    [SkippableTheory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_signal_ends_requests_begins_nothing_new_and_leaves_nothing_to_repair(string signal)
    {
        Skip.If(signal == "INT" && IsInterruptIgnored(), "Whoever started the tests lets SIGINT be ignored, as a shell does in the background.");
        await SendAsync(HttpMethod.Post, "instances/Waiting/idle");
        await SendAsync(HttpMethod.Post, "instances/Hold/busy");
        var lingering = _http.GetStringAsync(new Uri("linger", UriKind.Relative));
        await Eventually.GetAsync(
            () => Task.FromResult(Begun()), begun => begun == (ActivitiesAtOnce, 1), "activities and a request at work");
        await Eventually.GetAsync(DueAsync, due => !due.Contains("idle"), "the idle instance to be settled");

        await _app.SignalAsync(signal);
        Assert.Equal(HttpFunctions.Lingered, await lingering);
        Assert.Equal(0, await _app.ExitAsync(StopLimit));

        Assert.Equal((ActivitiesAtOnce, 1), Begun());
        Assert.Equal(["busy"], await DueAsync());
        Assert.Equal(["due"], (await RowsAsync()).Select(row => row.PartitionKey).Distinct());

        await File.WriteAllTextAsync(Path.Combine(_folder, WaitFunctions.Release), "");
        await _app.StartAsync();
        await SendAsync(HttpMethod.Put, "instances/idle/numbers/7");
        Assert.Contains("\"output\":7", await EndOfAsync("idle"), StringComparison.Ordinal);
        Assert.Contains($"\"output\":{WaitFunctions.HeldCalls}", await EndOfAsync("busy"), StringComparison.Ordinal);
        Assert.DoesNotContain("warn", _app.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_signal_ends_the_process_even_if_an_activity_does_not_listen()
    {
        await SendAsync(HttpMethod.Post, "instances/NotListening/deaf");
        await Eventually.GetAsync(() => Task.FromResult(Notes().Length), notes => notes == 1, "the activity to be at work");

        await _app.SignalAsync("TERM");

        Assert.Equal(0, await _app.ExitAsync(StopLimit));
        Assert.Equal(["deaf"], await DueAsync());
    }

    [Fact]
    public async Task A_second_process_is_refused_while_the_first_lives_and_takes_over_once_it_was_killed()
    {
        await SendAsync(HttpMethod.Post, "instances/Waiting/one");
        var (exitCode, said) = await _app.RunSecondAsync();
        Assert.Equal(1, exitCode);
        Assert.Contains($"in use by process {_app.ProcessId} on {Environment.MachineName}", said, StringComparison.Ordinal);

        _app.Kill();
        await _app.StartAsync();
        await SendAsync(HttpMethod.Put, "instances/one/numbers/7");
        Assert.Contains("\"output\":7", await EndOfAsync("one"), StringComparison.Ordinal);
    }

    // What was started in the background of a shell without job control ignores it, and so do its children.
    private static bool IsInterruptIgnored()
    {
        const string Field = "SigIgn:";
        const long Interrupt = 1 << (2 - 1);
        return OperatingSystem.IsLinux() && File.ReadLines("/proc/self/status").Single(l => l.StartsWith(Field, StringComparison.Ordinal)) is var line
            && (long.Parse(line[Field.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & Interrupt) != 0;
    }

    private (int Activities, int Requests) Begun()
    {
        var notes = Notes();
        return (notes.Count(n => n.StartsWith("busy/", StringComparison.Ordinal)), notes.Count(n => n.StartsWith(HttpFunctions.Lingers, StringComparison.Ordinal)));
    }

    private async Task<List<string>> DueAsync() =>
        [.. (await RowsAsync()).Where(row => row.PartitionKey == "due" && row.GetInt64("At") == 0).Select(row => row.GetString("InstanceId"))];

    private string[] Notes() => File.ReadAllLines(Journal.PathOf(_folder, "0"));

    private Task<List<TableEntity>> RowsAsync() => new HubTables(_storage.ConnectionString, "Workload").Control.QueryAsync<TableEntity>().ToListAsync().AsTask();

    private Task<string> EndOfAsync(string id) => Eventually.GetAsync(
        () => _http.GetStringAsync(new Uri($"instances/{id}", UriKind.Relative)),
        view => view.Contains("Completed", StringComparison.Ordinal),
        $"the end of '{id}'");

    private async Task SendAsync(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        using var response = await _http.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }
}
