using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace CloudRewind.Conformance.Orchestrations;

/// <summary>What comes of calling an activity.</summary>
public static class ActivityCalls
{
    /// <summary>Returns what the activity returned.</summary>
    [Function(nameof(ActivityResult))]
    public static Task<string?> ActivityResult([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.CallActivityAsync<string?>(nameof(Activities.Echo), context.GetInput<string>());

    /// <summary>Reads the result of an activity that has none.</summary>
    [Function(nameof(ActivityWithoutResult))]
    public static async Task<string> ActivityWithoutResult([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        await context.CallActivityAsync(nameof(DoNothing), "anything");
        var result = await context.CallActivityAsync<JsonElement?>(nameof(DoNothing), "anything");
        return result is null ? "none" : "some";
    }

    /// <summary>An activity that has no result.</summary>
    [Function(nameof(DoNothing))]
    public static void DoNothing([ActivityTrigger] string input) => _ = input;

    /// <summary>Returns how an activity failed.</summary>
    [Function(nameof(ActivityFailure))]
    public static Task<FailureSeen?> ActivityFailure([OrchestrationTrigger] TaskOrchestrationContext context) =>
        FailureSeen.OfAsync(() => context.CallActivityAsync(nameof(Activities.Fail), "boom 1"));

    /// <summary>Lets an activity's failure pass.</summary>
    [Function(nameof(ActivityFailureThatNobodyCatches))]
    public static Task ActivityFailureThatNobodyCatches([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.CallActivityAsync(nameof(Activities.Fail), "boom 2");

    /// <summary>Returns how the call of an activity that does not exist failed.</summary>
    [Function(nameof(ActivityThatDoesNotExist))]
    public static Task<FailureSeen?> ActivityThatDoesNotExist([OrchestrationTrigger] TaskOrchestrationContext context) =>
        FailureSeen.OfAsync(() => context.CallActivityAsync("Nothing", "anything"));

    /// <summary>Goes on after a failure.</summary>
    [Function(nameof(ActivityAfterAFailure))]
    public static async Task<string?> ActivityAfterAFailure([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        await FailureSeen.OfAsync(() => context.CallActivityAsync(nameof(Activities.Fail), "boom 3"));
        return await context.CallActivityAsync<string>(nameof(Activities.Echo), "went on");
    }

    /// <summary>Fails by itself.</summary>
    [Function(nameof(ExceptionThatLeaves))]
    public static void ExceptionThatLeaves([OrchestrationTrigger] TaskOrchestrationContext context) =>
        throw new ArgumentException("left the orchestrator");
}
