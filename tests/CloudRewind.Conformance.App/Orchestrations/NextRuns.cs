using CloudRewind.Conformance.Evidence;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace CloudRewind.Conformance.Orchestrations;

/// <summary>Orchestrations that begin again with a new input.</summary>
public sealed class NextRuns(Notes notes)
{
    /// <summary>Begins again until its input is 0; says how often a run has begun.</summary>
    [Function(nameof(CountDown))]
    public async Task<string> CountDown([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var left = context.GetInput<int>();
        if (!context.IsReplaying)
            notes.Add(context.InstanceId, $"run {left}");
        await context.CallActivityAsync(nameof(Activities.Echo), "anything");
        if (left == 0)
            return "done";
        context.ContinueAsNew(left - 1);
        return "dropped";
    }

    /// <summary>Begins again for ever, each time after an activity.</summary>
    [Function(nameof(Eternal))]
    public async Task Eternal([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        await context.CallActivityAsync(nameof(Activities.Echo), "anything");
        if (!context.IsReplaying)
            notes.Add(context.InstanceId, "again");
        context.ContinueAsNew(context.GetInput<string>());
    }

    /// <summary>Sets a status in its first run only.</summary>
    [Function(nameof(StatusOfTheFirstRun))]
    public static async Task StatusOfTheFirstRun([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        if (context.GetInput<bool>())
        {
            context.SetCustomStatus("old");
            await context.CreateTimer(TimeSpan.FromMilliseconds(10), CancellationToken.None);
            context.ContinueAsNew(false);
            return;
        }

        await context.WaitForExternalEvent<string?>("Go");
    }

    /// <summary>Keeps what nobody waited for: the second run reads two numbers.</summary>
    [Function(nameof(KeepEvents))]
    public static async Task<int[]> KeepEvents([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        if (!context.GetInput<bool>())
            return [await context.WaitForExternalEvent<int>("Number"), await context.WaitForExternalEvent<int>("Number")];
        await context.WaitForExternalEvent<string?>("Go");
        context.ContinueAsNew(false, preserveUnprocessedEvents: true);
        return [];
    }

    /// <summary>Drops what nobody waited for: the second run waits for a new number.</summary>
    [Function(nameof(DropEvents))]
    public static async Task<int> DropEvents([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        if (!context.GetInput<bool>())
            return await context.WaitForExternalEvent<int>("Number");
        await context.WaitForExternalEvent<string?>("Go");
        context.ContinueAsNew(false, preserveUnprocessedEvents: false);
        return 0;
    }

    /// <summary>Begins again while an activity is at work, whose result must not reach the next run's first call.</summary>
    [Function(nameof(NextRunWithOpenActivity))]
    public static async Task<string> NextRunWithOpenActivity([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var gates = context.GetInput<string[]>()!;
        var call = context.CallActivityAsync<string>(nameof(Activities.PassGate), gates[0]);
        if (gates.Length == 1)
            return await call;
        await context.WaitForExternalEvent<string?>("Go");
        context.ContinueAsNew(gates[1..]);
        return "dropped";
    }
}
