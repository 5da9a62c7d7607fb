using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace CloudRewind.Conformance.Orchestrations;

/// <summary>Orchestrations that call others.</summary>
public static class SubOrchestrations
{
    private static readonly TaskOptions Once = TaskOptions.FromRetryPolicy(new RetryPolicy(1, TimeSpan.FromSeconds(1)));

    /// <summary>Returns what its child returned, which runs under an id of the parent's choice.</summary>
    [Function(nameof(Parent))]
    public static Task<string> Parent([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.CallSubOrchestratorAsync<string>(nameof(Child), context.GetInput<string>(), Once.WithInstanceId($"{context.InstanceId}-child"));

    /// <summary>Says hello, and who it is.</summary>
    [Function(nameof(Child))]
    public static string Child([OrchestrationTrigger] TaskOrchestrationContext context) => $"hello {context.GetInput<string>()} from {context.InstanceId}";

    /// <summary>Returns what as many children as its input says returned.</summary>
    [Function(nameof(ManyChildren))]
    public static async Task<int> ManyChildren([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var calls = Enumerable.Range(0, context.GetInput<int>()).Select(i => context.CallSubOrchestratorAsync<string>(nameof(Child), $"{i}")).ToList();
        return (await Task.WhenAll(calls)).Distinct().Count();
    }

    /// <summary>Returns how its child failed.</summary>
    [Function(nameof(ParentOfFailing))]
    public static Task<FailureSeen?> ParentOfFailing([OrchestrationTrigger] TaskOrchestrationContext context) =>
        FailureSeen.OfAsync(() => context.CallSubOrchestratorAsync(nameof(FailingChild)));

    /// <summary>Fails.</summary>
    [Function(nameof(FailingChild))]
    public static void FailingChild([OrchestrationTrigger] TaskOrchestrationContext context) => throw new InvalidOperationException("no");

    /// <summary>Returns how the call of an orchestrator that does not exist failed.</summary>
    [Function(nameof(ParentOfNone))]
    public static Task<FailureSeen?> ParentOfNone([OrchestrationTrigger] TaskOrchestrationContext context) =>
        FailureSeen.OfAsync(() => context.CallSubOrchestratorAsync("Nothing"));

    /// <summary>Returns how its child, which waits for an event, failed; or what it returned.</summary>
    [Function(nameof(ParentOfWaiting))]
    public static async Task<string?> ParentOfWaiting([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        string? result = null;
        var failure = await FailureSeen.OfAsync(async () =>
            result = await context.CallSubOrchestratorAsync<string?>(nameof(Events.OneEvent), null, Once.WithInstanceId($"{context.InstanceId}-child")));
        return failure is null ? result : $"failed: {failure.TaskName}";
    }

    /// <summary>Calls a parent.</summary>
    [Function(nameof(Grandparent))]
    public static async Task<string> Grandparent([OrchestrationTrigger] TaskOrchestrationContext context) =>
        $"it said: {await context.CallSubOrchestratorAsync<string>(nameof(Parent), "you", Once.WithInstanceId($"{context.InstanceId}-parent"))}";
}
