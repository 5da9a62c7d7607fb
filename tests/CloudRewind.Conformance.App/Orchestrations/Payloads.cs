using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace CloudRewind.Conformance.Orchestrations;

/// <summary>Inputs and outputs.</summary>
public static class Payloads
{
    /// <summary>Returns what an activity made of its input.</summary>
    [Function(nameof(Described))]
    public static Task<Description> Described([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.CallActivityAsync<Description>(nameof(Describe), context.GetInput<Description>());

    /// <summary>Adds to a description.</summary>
    [Function(nameof(Describe))]
    public static Description Describe([ActivityTrigger] Description given) => given with { Span = TimeSpan.FromMinutes(90), Kind = Colour.Green };

    /// <summary>Returns its input twice, after an activity and an event have brought it, too.</summary>
    [Function(nameof(Large))]
    public static async Task<string> Large([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var input = context.GetInput<string>();
        var result = await context.CallActivityAsync<string>(nameof(Activities.Echo), input);
        var raised = await context.WaitForExternalEvent<string>("Text");
        return result == input && raised == input ? input + raised : "another text";
    }

    /// <summary>Has neither input nor output.</summary>
    [Function(nameof(NoPayload))]
    public static async Task<string?> NoPayload([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var result = await context.CallActivityAsync<string?>(nameof(Activities.Echo));
        return context.GetInput<string>() is null && result is null && context.GetInput<int>() == 0 ? null : "something";
    }
}

/// <summary>A payload.</summary>
public sealed record Description(string Text, TimeSpan Span, Colour Kind);

/// <summary>A payload's part.</summary>
public enum Colour
{
    /// <summary>0.</summary>
    Red,

    /// <summary>1.</summary>
    Green,
}
