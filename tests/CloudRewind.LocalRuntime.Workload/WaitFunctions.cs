using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace CloudRewind.LocalRuntime.Workload;

/// <summary>Instances that wait, and activities that do.</summary>
public sealed class WaitFunctions(Journal journal)
{
    /// <summary>The file that lets <see cref="Held"/> return.</summary>
    public const string Release = "release";

    /// <summary>The calls that <see cref="Hold"/> makes: far more than may be at work at once.</summary>
    public const int HeldCalls = 100;

    private const int FanOut = 10;
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    /// <summary>Waits for a number, for a year at most.</summary>
    [Function("Waiting")]
    public static async Task<int> Waiting([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        using var over = new CancellationTokenSource();
        var year = context.CreateTimer(context.CurrentUtcDateTime + Year, over.Token);
        var number = context.WaitForExternalEvent<int>("Number", over.Token);
        await Task.WhenAny(year, number);
        over.Cancel();
        return number.IsCompletedSuccessfully ? number.Result : 0;
    }

    /// <summary>Calls ten activities at once, and returns how many there were.</summary>
    [Function("FanOut")]
    public static async Task<int> FanOutAndIn([OrchestrationTrigger] TaskOrchestrationContext context) =>
        (await Task.WhenAll(Enumerable.Range(0, FanOut).Select(i => context.CallActivityAsync<int>("One", i)))).Sum();

    [Function("One")]
    public static int One([ActivityTrigger] int number) => number < 0 ? 0 : 1;

    /// <summary>Calls activities that do not return before somebody lets them, and returns how many there were.</summary>
    [Function("Hold")]
    public static async Task<int> Hold([OrchestrationTrigger] TaskOrchestrationContext context) =>
        (await Task.WhenAll(Enumerable.Range(0, HeldCalls).Select(i => context.CallActivityAsync<int>("Held", $"{context.InstanceId}/{i}")))).Sum();

    /// <summary>Calls an activity that does not hear that the app is to stop.</summary>
    [Function("NotListening")]
    public static Task<int> NotListening([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync<int>("Deaf", context.InstanceId);

    [Function("Deaf")]
    public async Task<int> Deaf([ActivityTrigger] string key)
    {
        journal.Note(key, "begun");
        await Task.Delay(TimeSpan.FromMinutes(10), CancellationToken.None);
        return 1;
    }

    [Function("Held")]
    public async Task<int> Held([ActivityTrigger] string key, CancellationToken cancellation)
    {
        journal.Note(key, "begun");
        while (!journal.Has(Release))
            await Task.Delay(20, cancellation);
        return 1;
    }
}
