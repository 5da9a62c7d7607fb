using CloudRewind.Conformance.Evidence;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace CloudRewind.Conformance.Orchestrations;

/// <summary>Durable timers.</summary>
public sealed class Timers(Notes notes)
{
    /// <summary>Waits for as long as its input says, and returns how long it was by the orchestration's clock.</summary>
    [Function(nameof(TimerOfALength))]
    public static async Task<TimeSpan> TimerOfALength([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var begun = context.CurrentUtcDateTime;
        await context.CreateTimer(context.GetInput<TimeSpan>(), CancellationToken.None);
        return context.CurrentUtcDateTime - begun;
    }

    /// <summary>Waits until the time of its input, which it shows, and returns when it went on.</summary>
    [Function(nameof(TimerUntilATime))]
    public static async Task<DateTime> TimerUntilATime([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        context.SetCustomStatus("waits");
        await context.CreateTimer(context.GetInput<DateTime>(), CancellationToken.None);
        return context.CurrentUtcDateTime;
    }

    /// <summary>Cancels a timer while it waits, and one before it is made.</summary>
    [Function(nameof(TimerThatIsCancelled))]
    public async Task<string> TimerThatIsCancelled([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        using var end = new CancellationTokenSource();
        var timer = context.CreateTimer(TimeSpan.FromDays(1), end.Token);
        await context.CreateTimer(context.CurrentUtcDateTime.AddMilliseconds(10), CancellationToken.None);
#pragma warning disable CA1849 // On the orchestrator's own thread.
        end.Cancel();
#pragma warning restore CA1849
        try
        {
            await timer;
            return "done";
        }
        catch (TaskCanceledException)
        {
            // Replayed after this one: the cancelled timer is part of the history then.
            await context.CreateTimer(TimeSpan.FromMilliseconds(10), CancellationToken.None);
            notes.Add(context.InstanceId, "after");
            return "cancelled";
        }
    }

    /// <summary>Returns which of two timers is done first.</summary>
    [Function(nameof(ShorterOfTwoTimers))]
    public static async Task<string> ShorterOfTwoTimers([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        using var end = new CancellationTokenSource();
        var slow = context.CreateTimer(TimeSpan.FromDays(1), end.Token);
        var quick = context.CreateTimer(TimeSpan.FromMilliseconds(50), end.Token);
        return await Task.WhenAny(slow, quick) == quick ? "short" : "long";
    }

    /// <summary>Waits for two timers that are due at one time.</summary>
    [Function(nameof(TwoTimersOfOneTime))]
    public static async Task<int> TwoTimersOfOneTime([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var due = context.CurrentUtcDateTime.AddMilliseconds(50);
        await Task.WhenAll(context.CreateTimer(due, CancellationToken.None), context.CreateTimer(due, CancellationToken.None));
        return 2;
    }
}
