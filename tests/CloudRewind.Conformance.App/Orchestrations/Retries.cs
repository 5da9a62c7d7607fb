using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace CloudRewind.Conformance.Orchestrations;

/// <summary>Calls that are made again.</summary>
public static class Retries
{
    /// <summary>Calls an activity that fails at first, under the policy of the input.</summary>
    [Function(nameof(RetriedActivity))]
    public static async Task<RetryOutcome> RetriedActivity([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var plan = context.GetInput<RetryPlan>()!;
        var failures = new Failures(context.InstanceId, plan.Failures);
        try
        {
            return new RetryOutcome(await context.CallActivityAsync<int>(nameof(Activities.FailAtFirst), failures, plan.Options), null);
        }
        catch (TaskFailedException e)
        {
            return new RetryOutcome(null, FailureSeen.Of(e));
        }
    }

    /// <summary>Calls a sub-orchestration that fails at first.</summary>
    [Function(nameof(RetriedSubOrchestration))]
    public static Task<int> RetriedSubOrchestration([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var child = $"{context.InstanceId}-child";
        return context.CallSubOrchestratorAsync<int>(nameof(FailAtFirstToo), 2, context.GetInput<RetryPlan>()!.Options.WithInstanceId(child));
    }

    /// <summary>Fails as often as its input says.</summary>
    [Function(nameof(FailAtFirstToo))]
    public static Task<int> FailAtFirstToo([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.CallActivityAsync<int>(nameof(Activities.FailAtFirst), new Failures(context.InstanceId, context.GetInput<int>()));
}

/// <summary>A retry policy, and how often the activity is to fail.</summary>
public sealed record RetryPlan(int Failures, int Attempts, double FirstMs, double Coefficient, double? LongestMs, double? TimeoutMs)
{
    internal TaskOptions Options => TaskOptions.FromRetryPolicy(new RetryPolicy(
        Attempts, TimeSpan.FromMilliseconds(FirstMs), Coefficient, Span(LongestMs), Span(TimeoutMs)));

    private static TimeSpan? Span(double? milliseconds) => milliseconds is { } ms ? TimeSpan.FromMilliseconds(ms) : null;
}

/// <summary>What came of a retried call: the attempt that worked, or the last failure.</summary>
public sealed record RetryOutcome(int? Attempt, FailureSeen? Failure);
