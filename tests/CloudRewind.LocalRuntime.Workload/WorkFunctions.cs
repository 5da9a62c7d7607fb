using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace CloudRewind.LocalRuntime.Workload;

/// <summary>What one execution of an activity made: its value is no other execution's.</summary>
public sealed record Computed(string Key, string Value);

/// <summary>What the orchestration has gathered; its input, and in the end its output.</summary>
/// <param name="Generation">How often it has begun anew.</param>
/// <param name="Values">What the activities returned, in the order of <see cref="WorkFunctions.KeysOf(string)"/>.</param>
/// <param name="Events">The numbers that came as events, as they came.</param>
public sealed record WorkState(int Generation, IReadOnlyList<Computed> Values, IReadOnlyList<int> Events)
{
    public static WorkState Begin { get; } = new(0, [], []);
}

/// <summary>Fan-out, timers, retries, a sub-orchestration and events in each generation, and continue-as-new between them.</summary>
public sealed class WorkFunctions(Journal journal)
{
    /// <summary>It ends with the number of events, of which each generation waits for one more.</summary>
    public const int Generations = 3;

    private const int FanOut = 5;
    private const int FlakyFailures = 2;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private static readonly TaskOptions Retries =
        TaskOptions.FromRetryPolicy(new RetryPolicy(maxNumberOfAttempts: FlakyFailures + 1, firstRetryInterval: Pause));

    /// <summary>The keys of all values in an instance's output, in order.</summary>
    public static IEnumerable<string> KeysOf(string instanceId) =>
        Enumerable.Range(0, Generations).SelectMany(generation => KeysOf(instanceId, generation));

    [Function("Work")]
    public static async Task<WorkState> Work([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var state = context.GetInput<WorkState>()!;
        var keys = KeysOf(context.InstanceId, state.Generation).ToList();
        context.SetCustomStatus(state.Events);

        List<Computed> values = [.. state.Values, .. await Task.WhenAll(keys.Take(FanOut).Select(key => context.CallActivityAsync<Computed>("Compute", key)))];
        await context.CreateTimer(Pause, CancellationToken.None);
        values.Add(await context.CallActivityAsync<Computed>("ComputeFlaky", keys[FanOut], Retries));
        values.Add(await context.CallSubOrchestratorAsync<Computed>("Part", keys[FanOut + 1]));
        try
        {
            await context.WaitForExternalEvent<int>("Never", Pause);
        }
        catch (TaskCanceledException)
        {
            // As meant: a wait that is given up.
        }

        List<int> events = [.. state.Events];
        while (events.Distinct().Count() <= state.Generation)
        {
            events.Add(await context.WaitForExternalEvent<int>("Number"));
            context.SetCustomStatus(events);
        }

        var next = new WorkState(state.Generation + 1, values, events);
        if (next.Generation < Generations)
            context.ContinueAsNew(next);
        return next;
    }

    [Function("Part")]
    public static Task<Computed> Part([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.CallActivityAsync<Computed>("Compute", context.GetInput<string>());

    [Function("Compute")]
    public async Task<Computed> Compute([ActivityTrigger] string key)
    {
        var computed = new Computed(key, Guid.NewGuid().ToString("N"));
        journal.Note(computed.Key, computed.Value);
        await Task.Delay(Random.Shared.Next(20));
        return computed;
    }

    [Function("ComputeFlaky")]
    public Task<Computed> ComputeFlaky([ActivityTrigger] string key) => journal.Count(key) > FlakyFailures
        ? Compute(key)
        : throw new InvalidOperationException("It fails, as it is meant to at first.");

    private static IEnumerable<string> KeysOf(string instanceId, int generation) =>
        Enumerable.Range(0, FanOut).Select(i => $"{i}").Concat(["flaky", "part"]).Select(name => $"{instanceId}/{generation}/{name}");
}
