using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace CloudRewind.Conformance.Orchestrations;

/// <summary>What the client sees of an orchestration, and does to it.</summary>
public static class States
{
    /// <summary>Shows a status before and after an event, and keeps the last one.</summary>
    [Function(nameof(TwoStatuses))]
    public static async Task<int> TwoStatuses([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        context.SetCustomStatus("never seen");
        context.SetCustomStatus(new { Step = "waits" });
        var number = await context.WaitForExternalEvent<int>("Go");
        context.SetCustomStatus("ends");
        return number;
    }

    /// <summary>Takes its status back.</summary>
    [Function(nameof(StatusTakenBack))]
    public static async Task StatusTakenBack([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        context.SetCustomStatus("waits");
        await context.WaitForExternalEvent<int>("Go");
        context.SetCustomStatus(null);
    }

    /// <summary>Ends as its input says.</summary>
    [Function(nameof(EndsAsTold))]
    public static async Task<string?> EndsAsTold([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var how = context.GetInput<string>();
        if (how == "Failed")
            throw new InvalidOperationException("as told");
        return how == "Completed" ? how : await context.WaitForExternalEvent<string?>("Go");
    }

    /// <summary>Returns what an activity behind a gate returned.</summary>
    [Function(nameof(WaitsForGate))]
    public static Task<string> WaitsForGate([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.CallActivityAsync<string>(nameof(Activities.PassGate), context.GetInput<string>());
}
