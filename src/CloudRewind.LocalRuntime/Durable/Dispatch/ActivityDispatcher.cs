using System.Threading.Channels;
using CloudRewind.LocalRuntime.Durable.History;
using CloudRewind.LocalRuntime.Functions;
using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CloudRewind.LocalRuntime.Durable.Dispatch;

/// <summary>A call of an activity by a run of an instance.</summary>
internal sealed record ActivityCall(InstanceSession Session, string RunId, HistoryEvent Action);

/// <summary>Runs activities, up to a limit at once.</summary>
internal sealed class ActivityDispatcher(
    EngineParts parts, FunctionInvoker invoker, IServiceScopeFactory scopes, ILogger<ActivityDispatcher> logger)
{
    private readonly Channel<ActivityCall> _calls = Channel.CreateUnbounded<ActivityCall>();
    private Task _workers = Task.CompletedTask;

    public void Start(int limit) => _workers = Task.WhenAll(Enumerable.Range(0, limit).Select(_ => Task.Run(WorkAsync)));

    public void Enqueue(ActivityCall call) => _calls.Writer.TryWrite(call);

    /// <summary>Begins no more, and waits for those at work, up to a time.</summary>
    public async Task StopAsync(TimeSpan limit)
    {
        _calls.Writer.TryComplete();
        await Task.WhenAny(_workers, Task.Delay(limit));
    }

    private async Task WorkAsync()
    {
        await foreach (var call in _calls.Reader.ReadAllAsync())
        {
            // What is left when the app stops runs at the next start.
            if (parts.Stopping.IsCancellationRequested)
                return;
            call.Session.EndActivity(call, await RunAsync(call));
        }
    }

    /// <returns>The result, or null when the app's stop kept the activity from having one.</returns>
    private async Task<HistoryEvent?> RunAsync(ActivityCall call)
    {
        var (id, name) = (call.Action.Id, call.Action.Name);
        try
        {
            var function = parts.Catalog.Get(FunctionKind.Activity, name)
                ?? throw new InvalidOperationException($"The function '{name}' doesn't exist, or is not an activity.");
            await using var scope = scopes.CreateAsyncScope();
            var context = new LocalFunctionContext(function, scope.ServiceProvider, parts.Stopping) { ActivityInput = call.Action.Payload };
            await invoker.InvokeAsync(context);
            return new HistoryEvent(EventKind.TaskCompleted) { Id = id, Payload = DurableJson.Write(context.Result) };
        }
        catch (Exception) when (parts.Stopping.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception e)
        {
            logger.LogWarning(e, "The activity {Activity} of the instance {InstanceId} failed", name, call.Session.InstanceId);
            var failure = new TaskFailureDetails(TaskFailureDetails.UnknownType, e.Message, e.StackTrace, null);
            return new HistoryEvent(EventKind.TaskFailed) { Id = id, Failure = failure };
        }
    }
}
