using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace CloudRewind.Conformance.Orchestrations;

/// <summary>External events.</summary>
public static class Events
{
    /// <summary>Waits for <c>Go</c>, and returns its payload.</summary>
    [Function(nameof(OneEvent))]
    public static async Task<string?> OneEvent([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        context.SetCustomStatus("waits");
        return await context.WaitForExternalEvent<string?>("Go");
    }

    /// <summary>Waits for <c>Go</c>, and only then for as many <c>Number</c> as its input says.</summary>
    [Function(nameof(EventsAfterAnother))]
    public static async Task<List<int>> EventsAfterAnother([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        context.SetCustomStatus("waits");
        await context.WaitForExternalEvent<string?>("Go");
        var numbers = new List<int>();
        for (var i = 0; i < context.GetInput<int>(); i++)
            numbers.Add(await context.WaitForExternalEvent<int>("Number"));
        return numbers;
    }

    /// <summary>Has two waiters for one name.</summary>
    [Function(nameof(TwoWaiters))]
    public static async Task<string> TwoWaiters([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var first = context.WaitForExternalEvent<int>("Number");
        var second = context.WaitForExternalEvent<int>("Number");
        context.SetCustomStatus("waits");
        context.SetCustomStatus($"second {await second}");
        return $"first {await first}";
    }

    /// <summary>Waits for one name as two types.</summary>
    [Function(nameof(TwoTypes))]
    public static Task TwoTypes([OrchestrationTrigger] TaskOrchestrationContext context) =>
        Task.WhenAny(context.WaitForExternalEvent<int>("Number"), context.WaitForExternalEvent<string>("Number"));

    /// <summary>Waits for <c>Number</c> for a moment, and then for as long as it takes.</summary>
    [Function(nameof(TimeOut))]
    public static async Task<int> TimeOut([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        try
        {
            return -await context.WaitForExternalEvent<int>("Number", TimeSpan.FromMilliseconds(50));
        }
        catch (TaskCanceledException)
        {
            var again = context.WaitForExternalEvent<int>("Number");
            context.SetCustomStatus("timed out");
            return await again;
        }
    }

    /// <summary>Waits for <c>Number</c> for most of a year.</summary>
    [Function(nameof(InTime))]
    public static Task<int> InTime([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.WaitForExternalEvent<int>("Number", TimeSpan.FromDays(300));

    /// <summary>Adds up as many <c>Number</c> as its input says.</summary>
    [Function(nameof(SumOfEvents))]
    public static async Task<int> SumOfEvents([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var sum = 0;
        for (var i = 0; i < context.GetInput<int>(); i++)
            sum += await context.WaitForExternalEvent<int>("Number");
        return sum;
    }
}
