using CloudRewind.Conformance.Evidence;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Conformance.Orchestrations;

/// <summary>What is the same on every replay, and what becomes of an orchestrator that is not.</summary>
public sealed class Determinism(Notes notes)
{
    /// <summary>Notes time and ids of each step, on every replay.</summary>
    [Function(nameof(TimeAndIds))]
    public async Task<int> TimeAndIds([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        for (var step = 0; step < 3; step++)
        {
            notes.Add(context.InstanceId, $"{step}|{context.CurrentUtcDateTime:O}|{context.NewGuid()}|{context.NewGuid()}");
            await context.CallActivityAsync(nameof(Activities.Echo), "anything");
        }

        return 3;
    }

    /// <summary>Notes of each step whether it is a replay.</summary>
    [Function(nameof(Replays))]
    public async Task Replays([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        notes.Add(context.InstanceId, $"begins {context.IsReplaying}");
        await context.CallActivityAsync(nameof(Activities.Echo), "anything");
        notes.Add(context.InstanceId, $"goes on {context.IsReplaying}");
        await context.CallActivityAsync(nameof(Activities.Echo), "anything");
        notes.Add(context.InstanceId, $"ends {context.IsReplaying}");
    }

    /// <summary>Writes a line in each step.</summary>
    [Function(nameof(Logs))]
    public static async Task Logs([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var log = context.CreateReplaySafeLogger(NotedLog.Prefix + context.InstanceId);
        log.LogInformation("before");
        await context.CallActivityAsync(nameof(Activities.Echo), "anything");
        log.LogInformation("between");
        await context.CreateTimer(TimeSpan.FromMilliseconds(10), CancellationToken.None);
        log.LogInformation("after");
    }

    /// <summary>Does something else on replay: what, its input says.</summary>
    [Function(nameof(Fickle))]
    public async Task Fickle([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var how = notes.Add(context.InstanceId, "begun") == 1 ? "at first" : context.GetInput<string>();
        if (how == "nothing")
            return;
        if (how == "a timer")
            await context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None);
        await context.CallActivityAsync(how == "another activity" ? nameof(Activities.Fail) : nameof(Activities.Echo), "anything");
    }
}
