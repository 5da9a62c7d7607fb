using Microsoft.Extensions.Logging;

namespace Microsoft.DurableTask;

/// <summary>
/// What an orchestrator may do. The orchestrator is replayed from its history, so all that it decides by must come from
/// here: time, ids, results, events. It awaits nothing but the tasks that this context makes, and stays on its thread.
/// </summary>
public abstract class TaskOrchestrationContext
{
    /// <summary>The orchestration's instance id.</summary>
    public abstract string InstanceId { get; }

    /// <summary>The time, in UTC, at which the current step began: the same on every replay.</summary>
    public abstract DateTime CurrentUtcDateTime { get; }

    /// <summary>True while what runs has run before.</summary>
    public abstract bool IsReplaying { get; }

    /// <summary>The logger factory that replay-safe loggers write to.</summary>
    protected abstract ILoggerFactory LoggerFactory { get; }

    /// <summary>The orchestration's input, or null when there is none.</summary>
    /// <typeparam name="T">What to read it as.</typeparam>
    public abstract T? GetInput<T>();

    /// <summary>Calls an activity that has no result.</summary>
    /// <param name="name">The activity.</param>
    /// <param name="input">Its input, as JSON.</param>
    /// <param name="options">Retries.</param>
    /// <exception cref="TaskFailedException">The activity failed, in the task.</exception>
    public virtual Task CallActivityAsync(TaskName name, object? input = null, TaskOptions? options = null) =>
        CallActivityAsync<object>(name, input, options);

    /// <summary>Calls an activity. It runs at least once.</summary>
    /// <typeparam name="TResult">What to read its result as.</typeparam>
    /// <param name="name">The activity.</param>
    /// <param name="input">Its input, as JSON.</param>
    /// <param name="options">Retries.</param>
    /// <exception cref="TaskFailedException">The activity failed, in the task.</exception>
    public abstract Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null);

    /// <summary>A task that is done after a while, however often the process is restarted meanwhile.</summary>
    /// <param name="delay">How long, from <see cref="CurrentUtcDateTime"/>.</param>
    /// <param name="cancellationToken">Cancels the task and forgets the timer.</param>
    public virtual Task CreateTimer(TimeSpan delay, CancellationToken cancellationToken) =>
        CreateTimer(CurrentUtcDateTime.Add(delay), cancellationToken);

    /// <summary>A task that is done at or after a time, however often the process is restarted meanwhile.</summary>
    /// <param name="fireAt">When, in UTC.</param>
    /// <param name="cancellationToken">Cancels the task and forgets the timer.</param>
    public abstract Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken);

    /// <summary>Waits for an event. Events that came before are kept, in order; of two waiters the later gets the event.</summary>
    /// <typeparam name="T">What to read the event's payload as.</typeparam>
    /// <param name="eventName">The event's name, whatever its case.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">Another waits for the name, and for another type of payload.</exception>
    public abstract Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default);

    /// <summary>Waits for an event, up to a time.</summary>
    /// <typeparam name="T">What to read the event's payload as.</typeparam>
    /// <param name="eventName">The event's name, whatever its case.</param>
    /// <param name="timeout">How long.</param>
    /// <exception cref="TaskCanceledException">The time is over, in the task.</exception>
    public async Task<T> WaitForExternalEvent<T>(string eventName, TimeSpan timeout)
    {
        using var timerEnd = new CancellationTokenSource();
        using var waitEnd = new CancellationTokenSource();
        var timer = CreateTimer(timeout, timerEnd.Token);
        var wait = WaitForExternalEvent<T>(eventName, waitEnd.Token);

        // Cancel and not CancelAsync: all of this stays on the orchestrator's thread.
#pragma warning disable CA1849
        (await Task.WhenAny(timer, wait) == timer ? waitEnd : timerEnd).Cancel();
#pragma warning restore CA1849
        return await wait;
    }

    /// <summary>Sets what <c>OrchestrationMetadata.SerializedCustomStatus</c> shows from the end of this step on.</summary>
    /// <param name="customStatus">The status, as JSON.</param>
    public abstract void SetCustomStatus(object? customStatus);

    /// <summary>Calls another orchestrator that has no result.</summary>
    /// <param name="orchestratorName">The orchestrator.</param>
    /// <param name="input">Its input, as JSON.</param>
    /// <param name="options">Instance id, retries.</param>
    /// <exception cref="TaskFailedException">It failed, in the task.</exception>
    public virtual Task CallSubOrchestratorAsync(TaskName orchestratorName, object? input = null, TaskOptions? options = null) =>
        CallSubOrchestratorAsync<object>(orchestratorName, input, options);

    /// <summary>Calls another orchestrator.</summary>
    /// <typeparam name="TResult">What to read its output as.</typeparam>
    /// <param name="orchestratorName">The orchestrator.</param>
    /// <param name="input">Its input, as JSON.</param>
    /// <param name="options">Instance id, retries.</param>
    /// <exception cref="TaskFailedException">It failed, in the task.</exception>
    public abstract Task<TResult> CallSubOrchestratorAsync<TResult>(
        TaskName orchestratorName, object? input = null, TaskOptions? options = null);

    /// <summary>Begins the orchestration again, with an empty history, once the orchestrator returns.</summary>
    /// <param name="newInput">The new input, as JSON.</param>
    /// <param name="preserveUnprocessedEvents">Whether events that nobody has waited for are kept.</param>
    public abstract void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true);

    /// <summary>An id that is the same on every replay, and no other's.</summary>
    public abstract Guid NewGuid();

    /// <summary>A logger that writes each line once, however often the orchestrator is replayed.</summary>
    /// <param name="categoryName">The logger's category.</param>
    public virtual ILogger CreateReplaySafeLogger(string categoryName) =>
        new ReplaySafeLogger(this, LoggerFactory.CreateLogger(categoryName));

    private sealed class ReplaySafeLogger(TaskOrchestrationContext context, ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => !context.IsReplaying && inner.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!context.IsReplaying)
                inner.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
