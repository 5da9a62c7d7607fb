
namespace CloudRewind.EndToEnd.Tests.Crashes;

/// <summary>
/// Host, worker or both are killed and start again: nothing is lost and nothing is done twice. All kills are of one app, one after the other, so that each protection
/// lives through those that come after its own.
/// </summary>
public sealed class KillTests(KillTests.KilledApp fixture) : IClassFixture<KillTests.KilledApp>
{
    private static readonly string[] Success = [.. TimelineAssert.Captured, "success"];

    private readonly App app = fixture.App;

    /// <summary>Each step at which each process is killed.</summary>
    public static TheoryData<Step, Victim> Kills()
    {
        var kills = new TheoryData<Step, Victim>();
        foreach (var step in Enum.GetValues<Step>())
        {
            foreach (var victim in Enum.GetValues<Victim>())
                kills.Add(step, victim);
        }

        return kills;
    }

    [OwnProcessTheory]
    [MemberData(nameof(Kills))]
    public async Task Killed_at_a_step_it_ends_in_the_same_outcome(Step step, Victim victim)
    {
        var (client, id) = fixture.Killed[(step, victim)];
        if (step == Step.Pruning)
        {
            await client.WatchAsync(id, "elapsed");
            await app.Tables.HasTimelineAsync(id, [.. Success, "elapsed"]);
            Assert.Empty(await app.Tables.InventoryAsync(id));
            Assert.Empty(await app.Tables.SimulatedAsync(id));
            return;
        }

        (await client.WatchAsync(id, "success", "partially-protected", "failed", "skipped")).FollowsInOrder(Success);
        await app.Tables.HasTimelineAsync(id, Success);
        Assert.Equal(KilledApp.Resources.Order(StringComparer.Ordinal), await app.Tables.SnapshotsAsync(id));
    }

    [OwnProcessFact]
    public async Task Killed_all_the_time_it_ends_in_the_same_outcome()
    {
        var (client, id) = fixture.AlwaysKilled;
        await client.WatchAsync(id, "success", "partially-protected", "failed", "skipped");

        await app.Tables.HasTimelineAsync(id, [.. TimelineAssert.Captured, "partially-protected"]);
        Assert.Equal(["sim-flaky-d", "sim-ok-b", "sim-slow-a"], await app.Tables.SnapshotsAsync(id));
    }

    [OwnProcessFact]
    public async Task Retention_that_ends_while_no_process_runs_is_made_up_for()
    {
        var (client, id) = fixture.ExpiredMeanwhile;
        await client.WatchAsync(id, "elapsed");

        await app.Tables.HasTimelineAsync(id, [.. Success, "elapsed"]);
    }

    [OwnProcessFact]
    public async Task A_create_that_died_half_way_is_finished_by_the_same_request_repeated()
    {
        Assert.NotEmpty(fixture.CutOff);
        foreach (var (client, id) in fixture.CutOff)
        {
            await client.WatchAsync(id, "success");
            await app.Tables.HasTimelineAsync(id, Success);
            Assert.Equal(id, Assert.Single(await app.Tables.ProtectionsOfAsync(client.Address)).GetString("Id"));
        }
    }

    [OwnProcessFact]
    public async Task Asked_to_end_while_in_progress_it_ends_in_order_and_goes_on_at_the_next_start()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(["sim-slow-a"]);
        await client.WatchAsync(id, "in-progress");

        var exitCode = await app.Process.StopGracefullyAsync();
        await app.Process.StartAsync();

        Assert.Equal(0, exitCode);
        await client.WatchAsync(id, "success");
        await app.Tables.HasTimelineAsync(id, Success);
        Assert.Equal(["sim-slow-a"], await app.Tables.SnapshotsAsync(id));
    }

    [OwnProcessFact]
    public async Task Asked_to_end_while_lookups_wait_it_answers_each_of_them_and_ends()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync([]);
        var last = (await client.WatchAsync(id, "skipped"))[^1];
        var waiting = Enumerable.Range(0, 100).Select(_ => client.StatusAsync(id, ("If-None-Match", $"\"{last.Sequence}\""), ("Prefer", "wait=60"))).ToList();
        await WaitAtTheAppAsync(waiting.Count, id);

        var exitCode = await app.Process.StopGracefullyAsync();
        await app.Process.StartAsync(); // for the other tests

        Assert.All(await Task.WhenAll(waiting), answer => Assert.True(answer.Status is 200 or 304, $"{answer}"));
        Assert.Equal(0, exitCode);
    }

    [OwnProcessFact]
    public async Task A_worker_that_dies_costs_its_requests_a_clear_answer_and_is_replaced()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync([]);
        var last = (await client.WatchAsync(id, "skipped"))[^1];
        var raw = new RawHttp(app.Http.BaseAddress!);
        var waiting = Enumerable.Range(0, 20).Select(_ => AskAsync(("If-None-Match", $"\"{last.Sequence}\""), ("Prefer", "wait=60"))).ToList();
        await WaitAtTheAppAsync(waiting.Count, id);

        await app.Process.KillAndRecoverAsync(Victim.Worker);
        var next = await Eventually.GetAsync(() => AskAsync(), answer => answer.Status == 200, "a worker that answers");

        Assert.Equal("skipped", SeenStatus.Of(next).Status);
        Assert.All(await Task.WhenAll(waiting), answer => Assert.True(answer.Status is 500 or 503, $"{answer}"));

        // Past the contract: what a host answers for a worker that has died is not the app's.
        Task<Answer> AskAsync(params (string, string)[] headers) => raw.SendAsync("GET", client.StatusPath(id), [("Authorization", $"Bearer {client.Token}"), .. headers]);
    }

    // The app logs each that waits. What has not arrived when a server ends is reset by the system.
    private Task WaitAtTheAppAsync(int requests, string id) => Eventually.GetAsync(
        () => Task.FromResult(app.Process.Output.Split('\n').Count(line => line.Contains($"Status lookup of {id} waits", StringComparison.Ordinal))),
        count => count >= requests,
        $"{requests} lookups to wait");

    /// <summary>What is on record when the kill comes.</summary>
    public enum Step
    {
        Created,
        Preparing,
        PreparationCompleted,
        InProgress,

        /// <summary>Some snapshots are there, some not.</summary>
        Capturing,

        /// <summary>Some snapshots have been removed, some not.</summary>
        Pruning,
    }

    public sealed class KilledApp : OwnAppFixture
    {
        internal static readonly string[] Resources = ["sim-slow-a", "sim-ok-b", "sim-flaky-c", "sim-ok-d"];

        private static readonly string[] ManyResources = [.. Enumerable.Range(0, 40).Select(i => $"sim-ok-{i}")];

        internal Dictionary<(Step Step, Victim Victim), (ApiClient Client, string Id)> Killed { get; } = [];

        internal List<(ApiClient Client, string Id)> CutOff { get; } = [];

        internal (ApiClient Client, string Id) AlwaysKilled { get; private set; }

        internal (ApiClient Client, string Id) ExpiredMeanwhile { get; private set; }

        private protected override Task<App> StartAsync() => App.StartAsync();

        private protected override async Task ArrangeAsync()
        {
            AlwaysKilled = await ProtectAsync("P30D", "sim-slow-a", "sim-ok-b", "sim-fail-c", "sim-flaky-d");
            foreach (var victim in Enum.GetValues<Victim>())
            {
                foreach (var step in Enum.GetValues<Step>())
                {
                    var (client, id) = Killed[(step, victim)] = step == Step.Pruning ? await ProtectAsync("PT1S", ManyResources) : await ProtectAsync("P30D", Resources);
                    await Eventually.GetAsync(() => IsAtAsync(step, id), isAt => isAt, $"{id} to be {step}");
                    await App.Process.KillAndRecoverAsync(victim);
                }

                await CutOffAsync(victim);
            }

            ExpiredMeanwhile = await ProtectAsync("PT3S", "sim-ok-a");
            await ExpiredMeanwhile.Client.WatchAsync(ExpiredMeanwhile.Id, "success");
            await App.Process.KillBothAsync();
            var expires = (await App.Tables.ProtectionAsync(ExpiredMeanwhile.Id)).GetDateTimeOffset("ExpiresAt");
            await Eventually.GetAsync(() => Task.FromResult(DateTimeOffset.UtcNow), now => now > expires, "retention to end");
            await App.Process.StartAsync();
        }

        private async Task<bool> IsAtAsync(Step step, string id) => step switch
        {
            Step.Capturing => (await App.Tables.SnapshotsAsync(id)).Any(),
            Step.Pruning => (await App.Tables.ProtectionAsync(id)).GetString("Status") is var status
                && (status == "elapsed" || status == "success" && (await App.Tables.SnapshotsAsync(id)).Count() < ManyResources.Length),
            _ => (await App.Tables.TransitionsAsync(id)).Count > (int)step,
        };

        private async Task CutOffAsync(Victim victim)
        {
            var client = App.NewAssembly();
            await client.PutAssemblyAsync("sim-ok-a");
            var cutOff = client.CreateAsync("{}", ("Idempotency-Key", "half-way"));
            // Half-way: it is on record, or has been answered already.
            await Eventually.GetAsync(async () => cutOff.IsCompleted || (await App.Tables.ProtectionsOfAsync(client.Address)).Count > 0, isBegun => isBegun, "the create to begin");
            await App.Process.KillAndRecoverAsync(victim);
            await ((Task)cutOff).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

            var repeated = await Eventually.GetAsync(
                () => client.CreateAsync("{}", ("Idempotency-Key", "half-way")), answer => answer.Status < 500, "an answer to the repeated create");
            CutOff.Add((client, ApiClient.IdOf(repeated)));
        }

        private async Task<(ApiClient Client, string Id)> ProtectAsync(string retention, params string[] resources)
        {
            var client = App.NewAssembly();
            return (client, await client.ProtectAsync(resources, retention));
        }
    }
}
