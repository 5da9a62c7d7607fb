using CloudRewind.LocalRuntime.Tests.Conformance.Support;

namespace CloudRewind.LocalRuntime.Tests.Conformance;

[Collection(ConformanceSuite.Name)]
public sealed class RetryTests(ConformanceApp app)
{
    // Timers are set by one clock and activities looked at by another: they may differ by this much.
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task A_retry_that_works_gives_the_result()
    {
        var (outcome, attempts) = await RunAsync(new Plan(Failures: 2, Attempts: 5, FirstMs: 10));
        Assert.Equal((3, 3), (outcome.Attempt, attempts.Count));
    }

    [Fact]
    public async Task Attempts_count_the_first_one_and_each_has_a_task_number_of_its_own()
    {
        var (outcome, attempts) = await RunAsync(new Plan(Failures: 99, Attempts: 3, FirstMs: 10));
        Assert.Equal((3, 4, "attempt 3"), (attempts.Count, outcome.Failure!.TaskId, outcome.Failure.ErrorMessage));
    }

    [Fact]
    public async Task One_attempt_is_no_retry()
    {
        var (outcome, attempts) = await RunAsync(new Plan(Failures: 99, Attempts: 1, FirstMs: 10));
        Assert.Equal((1, 0), (attempts.Count, outcome.Failure!.TaskId));
    }

    [Fact]
    public async Task Pauses_begin_with_the_first_interval_and_grow_by_the_coefficient()
    {
        var (_, attempts) = await RunAsync(new Plan(Failures: 99, Attempts: 4, FirstMs: 100, Coefficient: 3));
        Assert.Equal(4, attempts.Count);
        Assert.All(
            attempts.Zip(attempts.Skip(1), (a, b) => b - a).Zip([100, 300, 900]),
            pause => Assert.True(pause.First >= TimeSpan.FromMilliseconds(pause.Second) - Moment, $"A pause of {pause.First}."));
    }

    [Fact]
    public async Task No_pause_is_longer_than_the_cap()
    {
        // Without the cap the second pause would be one of hours.
        var (_, attempts) = await RunAsync(new Plan(Failures: 99, Attempts: 4, FirstMs: 10, Coefficient: 1_000_000, LongestMs: 50));
        Assert.Equal(4, attempts.Count);
    }

    [Fact]
    public async Task No_attempt_is_made_after_the_time_limit()
    {
        // A pause of 700 ms before each: the fourth attempt begins after two seconds, whatever else takes time.
        var (outcome, attempts) = await RunAsync(new Plan(Failures: 99, Attempts: 20, FirstMs: 700, TimeoutMs: 2_000));
        Assert.NotNull(outcome.Failure);
        Assert.InRange(attempts.Count, 1, 4);
    }

    [Fact]
    public async Task A_sub_orchestration_is_retried_under_the_same_id()
    {
        var id = ConformanceClient.NewId();
        Assert.Equal(3, await app.Client.OutputOfAsync<int>("RetriedSubOrchestration", new Plan(Failures: 0, Attempts: 5, FirstMs: 10), id));
        Assert.Equal(3, (await app.Client.NotesAsync($"{id}-child")).Count);
    }

    private async Task<(Outcome Outcome, List<DateTime> Attempts)> RunAsync(Plan plan)
    {
        var id = ConformanceClient.NewId();
        var outcome = await app.Client.OutputOfAsync<Outcome>("RetriedActivity", plan, id);
        return (outcome, [.. (await app.Client.NotesAsync(id)).Select(n => DateTime.Parse(n, null, System.Globalization.DateTimeStyles.RoundtripKind))]);
    }

    private sealed record Plan(int Failures, int Attempts, double FirstMs, double Coefficient = 1, double? LongestMs = null, double? TimeoutMs = null);

    private sealed record Outcome(int? Attempt, FailureSeen? Failure);
}
