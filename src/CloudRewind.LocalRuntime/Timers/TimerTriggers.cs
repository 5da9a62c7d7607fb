using CloudRewind.LocalRuntime.Durable.Storage;
using CloudRewind.LocalRuntime.Functions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NCrontab;

namespace CloudRewind.LocalRuntime.Timers;

/// <summary>Starts timer functions on schedule. One function never runs twice at once: a start that comes meanwhile is left out.</summary>
internal sealed class TimerTriggers(
    FunctionCatalog catalog,
    FunctionInvoker invoker,
    TimerStatus status,
    IServiceScopeFactory scopes,
    TimeProvider time,
    ILogger<TimerTriggers> logger)
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly CancellationTokenSource _stopping = new();
    private Task _loops = Task.CompletedTask;

    /// <exception cref="LocalRuntimeStartException">A schedule is not a six-field NCRONTAB expression.</exception>
    public static void CheckSchedules(FunctionCatalog catalog)
    {
        foreach (var function in catalog.All.Where(f => f.Kind == FunctionKind.Timer))
        {
            if (TryParse(function) is null)
                throw FunctionCatalog.Cannot(function.Name, $"'{function.Schedule}' is not a six-field NCRONTAB expression");
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _loops = Task.WhenAll(catalog.All.Where(f => f.Kind == FunctionKind.Timer).Select(f => Task.Run(() => RunAsync(f), CancellationToken.None)));
        return Task.CompletedTask;
    }

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAny(_loops, Task.Delay(StopLimit));
    }

    private static CrontabSchedule? TryParse(LocalFunction function) =>
        CrontabSchedule.TryParse(function.Schedule!, new CrontabSchedule.ParseOptions { IncludingSeconds = true });

    private async Task RunAsync(LocalFunction function)
    {
        var schedule = TryParse(function)!;
        try
        {
            // Whatever is earlier: a start that was missed, or one that the schedule has only now.
            var next = schedule.GetNextOccurrence(Now);
            var planned = await status.GetNextAsync(function.Name, _stopping.Token);
            next = planned < next ? planned.Value : next;
            await status.SetNextAsync(function.Name, next, _stopping.Token);
            while (true)
            {
                var pastDue = next < Now - TimeSpan.FromSeconds(1);
                while (next > Now)
                    await Task.Delay(Earlier(next - Now, LongestWait) + TimeSpan.FromMilliseconds(1), time, _stopping.Token);
                await InvokeAsync(function, pastDue);
                next = schedule.GetNextOccurrence(Now);
                await status.SetNextAsync(function.Name, next, _stopping.Token);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The app stops.
        }
    }

    private async Task InvokeAsync(LocalFunction function, bool pastDue)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var context = new LocalFunctionContext(function, scope.ServiceProvider, _stopping.Token) { Timer = new TimerInfo { IsPastDue = pastDue } };
            await invoker.InvokeAsync(context);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e)
        {
            logger.LogError(e, "The timer function {Function} failed", function.Name);
        }
    }

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    private static TimeSpan Earlier(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
