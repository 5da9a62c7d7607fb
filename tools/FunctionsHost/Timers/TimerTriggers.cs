using CloudRewind.FunctionsHost.Functions;

namespace CloudRewind.FunctionsHost.Timers;

/// <summary>The timer functions: each has one runner, among all hosts on one storage.</summary>
internal sealed class TimerTriggers(FunctionIndex index, HostSettings settings, IServiceProvider services) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    /// <summary>Starts to watch the clock.</summary>
    /// <exception cref="HostStartException">A schedule is invalid.</exception>
    public void Start()
    {
        var runners = index.Functions.Where(function => function.Kind is TriggerKind.Timer)
            .Select(function => ActivatorUtilities.CreateInstance<TimerRunner>(services, function, TimerSchedule.Of(function, settings.Configuration))).ToList();
        _running = Task.WhenAll(runners.Select(runner => runner.RunAsync(_stop.Token)));
    }

    /// <summary>Runs none from now on, and waits for those that run to notice.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();
}
