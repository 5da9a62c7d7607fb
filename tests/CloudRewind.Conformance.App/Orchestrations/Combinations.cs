using System.Globalization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace CloudRewind.Conformance.Orchestrations;

/// <summary>Several tasks at once.</summary>
public static class Combinations
{
    /// <summary>Waits for all of its gates, and returns them in the order of its calls.</summary>
    [Function(nameof(AllOf))]
    public static Task<string[]> AllOf([OrchestrationTrigger] TaskOrchestrationContext context) =>
        Task.WhenAll(context.GetInput<string[]>()!.Select(gate => context.CallActivityAsync<string>(nameof(Activities.PassGate), gate)).ToList());

    /// <summary>Waits for its gates, one after another, whichever is open first, and returns them in that order.</summary>
    [Function(nameof(EachAsItComes))]
    public static async Task<List<string>> EachAsItComes([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var open = context.GetInput<string[]>()!.Select(gate => context.CallActivityAsync<string>(nameof(Activities.PassGate), gate)).ToList();
        var came = new List<string>();
        while (open.Count > 0)
        {
            var first = await Task.WhenAny(open);
            open.Remove(first);
            came.Add(await first);
            context.SetCustomStatus(came.Count);
        }

        return came;
    }

    /// <summary>Waits for all of its gates, of which each fails, and returns how many had ended once the first failure came.</summary>
    [Function(nameof(AllThatFail))]
    public static async Task<string> AllThatFail([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var calls = context.GetInput<string[]>()!.Select(gate => context.CallActivityAsync(nameof(Activities.FailAtGate), gate)).ToList();
        var failure = await FailureSeen.OfAsync(() => Task.WhenAll(calls));
        return $"{failure?.TaskName}: {calls.Count(c => c.IsFaulted)} of {calls.Count}";
    }

    /// <summary>Calls as many activities at once as its input says, and returns the sum of their numbers.</summary>
    [Function(nameof(FanOut))]
    public static async Task<int> FanOut([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var calls = Enumerable.Range(1, context.GetInput<int>())
            .Select(i => context.CallActivityAsync<string>(nameof(Activities.Echo), i.ToString(CultureInfo.InvariantCulture)))
            .ToList();
        return (await Task.WhenAll(calls)).Sum(i => int.Parse(i, CultureInfo.InvariantCulture));
    }

    /// <summary>Races an event against a timer that is years away.</summary>
    [Function(nameof(EventOrYears))]
    public static async Task<string> EventOrYears([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        using var end = new CancellationTokenSource();
        var timer = context.CreateTimer(TimeSpan.FromDays(400), end.Token);
        var raised = context.WaitForExternalEvent<string>("Go");
        if (await Task.WhenAny(timer, raised) == timer)
            return "the timer";
#pragma warning disable CA1849 // On the orchestrator's own thread.
        end.Cancel();
#pragma warning restore CA1849
        return await raised;
    }
}
