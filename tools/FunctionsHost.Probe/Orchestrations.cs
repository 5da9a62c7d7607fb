using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace CloudRewind.FunctionsHost.Probe;

/// <summary>
/// Orchestrations that show what the engine does. The input of each is its own id, under which its activities make
/// notes.
/// </summary>
public sealed class Orchestrations(Notes notes)
{
    private static readonly TaskOptions Retried = TaskOptions.FromRetryPolicy(new RetryPolicy(5, TimeSpan.FromSeconds(1)));

    /// <summary>Fails but for its third run.</summary>
    [Function(nameof(SucceedAtThird))]
    public int SucceedAtThird([ActivityTrigger] string id)
    {
        notes.Add($"runs-{id}", "");
        var runs = notes.Count($"runs-{id}");
        return runs >= 3 ? runs : throw new InvalidOperationException($"Run {runs} was told to fail.");
    }

    [Function(nameof(RetriesActivity))]
    public static async Task<string> RetriesActivity([OrchestrationTrigger] TaskOrchestrationContext context) =>
        $"{await context.CallActivityAsync<int>(nameof(SucceedAtThird), context.GetInput<string>(), Retried)} runs";

    /// <summary>Notes that it runs, and ends once the note <c>open-ID</c> is there.</summary>
    [Function(nameof(WaitForNote))]
    public async Task<string> WaitForNote([ActivityTrigger] string id)
    {
        notes.Add($"runs-{id}", $"{Environment.ProcessId}");
        await notes.UntilAsync($"open-{id}", CancellationToken.None);
        return "open";
    }

    [Function(nameof(RunsSlowActivity))]
    public static Task<string> RunsSlowActivity([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.CallActivityAsync<string>(nameof(WaitForNote), context.GetInput<string>(), Retried);

    [Function(nameof(Fail))]
    public static string Fail([ActivityTrigger] string id) => throw new InvalidOperationException($"No luck for {id}.");

    [Function(nameof(CatchesFailure))]
    public static async Task<string> CatchesFailure([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        try
        {
            return await context.CallActivityAsync<string>(nameof(Fail), context.GetInput<string>());
        }
        catch (TaskFailedException error)
        {
            return error.FailureDetails.ErrorMessage;
        }
    }

    [Function(nameof(NamesFailure))]
    public static async Task<string> NamesFailure([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        try
        {
            return await context.CallActivityAsync<string>(nameof(Fail), context.GetInput<string>());
        }
        catch (TaskFailedException error)
        {
            return error.FailureDetails.ErrorType;
        }
    }

    [Function(nameof(FailsItself))]
    public static Task<string> FailsItself([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.CallActivityAsync<string>(nameof(Fail), context.GetInput<string>());

    /// <summary>Returns the payload of the event <c>go</c>.</summary>
    [Function(nameof(WaitsForEvent))]
    public static Task<string> WaitsForEvent([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.WaitForExternalEvent<string>("go");

    /// <summary>Takes one event <c>add</c> in each run, and begins anew until it has three.</summary>
    [Function(nameof(CollectsEvents))]
    public static async Task<string?> CollectsEvents([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var collected = $"{context.GetInput<string>()} {await context.WaitForExternalEvent<string>("add")}";
        if (collected.Split(' ').Length > 3)
            return collected;
        context.ContinueAsNew(collected);
        return null;
    }

    /// <summary>Sets a custom status, begins anew, and waits for an event there.</summary>
    [Function(nameof(BeginsAnew))]
    public static async Task<string?> BeginsAnew([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        if (context.GetInput<string>() == "again")
            return await context.WaitForExternalEvent<string>("go");
        context.SetCustomStatus("of the first run");
        await context.WaitForExternalEvent<string>("again");
        context.ContinueAsNew("again");
        return null;
    }

    [Function(nameof(WaitsForTimer))]
    public static async Task<string> WaitsForTimer([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        // The engine cuts the time to whole seconds: the timer may fire early, by less than one.
        var due = context.CurrentUtcDateTime.AddSeconds(2);
        await context.CreateTimer(due, CancellationToken.None);
        return due - context.CurrentUtcDateTime < TimeSpan.FromSeconds(1) ? "fired" : "fired too early";
    }

    /// <summary>Starts a timer, then waits for the event <c>go</c>; cancels the timer where the event says so.</summary>
    [Function(nameof(StartsTimer))]
    public static async Task<string> StartsTimer([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        using var cancel = new CancellationTokenSource();
        var timer = context.CreateTimer(TimeSpan.FromSeconds(4), cancel.Token);
        var reply = await context.WaitForExternalEvent<string>("go");
        if (reply == "cancel")
            cancel.Cancel(); // an orchestrator may await nothing but the engine's own tasks
        return reply;
    }
}
