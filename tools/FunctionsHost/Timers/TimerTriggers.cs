using CloudRewind.FunctionsHost.Functions;

namespace CloudRewind.FunctionsHost.Timers;

/// <summary>The timer functions: each has one runner, among all hosts on one storage.</summary>
internal sealed class TimerTriggers(FunctionIndex index, HostSettings settings, IServiceProvider services) : IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private Task running = Task.CompletedTask;

    /// <summary>Starts to watch the clock.</summary>
    /// <exception cref="HostStartException">A schedule is invalid.</exception>
    public void Start()
    {
        var runners = index.Functions.Where(function => function.Kind is TriggerKind.Timer)
            .Select(
                function =>
                    ActivatorUtilities.CreateInstance<TimerRunner>(
                        services, function, TimerSchedule.Of(function, settings.Configuration))).ToList();
        running = Task.WhenAll(runners.Select(runner => runner.RunAsync(stop.Token)));
    }

    /// <summary>Runs none from now on, and waits for those that run to notice.</summary>
    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await running;
    }

    /// <inheritdoc/>
    public void Dispose() => stop.Dispose();
}
