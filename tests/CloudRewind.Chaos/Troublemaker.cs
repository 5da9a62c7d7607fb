using CloudRewind.TestSupport;

namespace CloudRewind.Chaos;

/// <summary>Makes the faults of one round, and then takes all of them back.</summary>
internal sealed class Troublemaker(Cell cell, Random dice, ChaosReport report)
{
    private static readonly TimeSpan ShortFreeze = TimeSpan.FromSeconds(4);

    // Longer than the engine's leases of half a minute.
    private static readonly TimeSpan LongFreeze = TimeSpan.FromSeconds(40);

    private const int LongestDelay = 2_500;

    private readonly Lock gate = new();

    /// <summary>What it did, in a few words.</summary>
    public List<string> Done { get; } = [];

    /// <summary>Makes trouble until the time is over.</summary>
    public async Task RunAsync(TimeSpan time)
    {
        if (cell.Apps.Count == 0)
        {
            await Task.Delay(time);
            return;
        }

        var harm = new[] { 0.0, 0.01, 0.03, 0.08 }[dice.Next(4)];
        foreach (var proxy in cell.Proxies)
            proxy.Faults = request => NextFault(request, harm);
        TroubleAws();
        var end = DateTime.UtcNow + time;
        List<Task> freezes = [];
        for (var strokes = dice.Next(4); strokes > 0; strokes--)
        {
            await Task.Delay(time * dice.NextDouble() / 2);
            var app = cell.Apps[dice.Next(cell.Apps.Count)];
            switch (dice.Next(10))
            {
                case < 3:
                    await KillAsync(app, Victim.Worker);
                    break;
                case < 5:
                    await KillAsync(app, Victim.Host);
                    break;
                case < 7:
                    await KillAsync(app, Victim.Both);
                    break;
                default:
                    freezes.Add(FreezeAsync(app, dice.Next(2) == 0, LongFreezeIsOn() ? LongFreeze : ShortFreeze * dice.NextDouble()));
                    break;
            }
        }

        if (end - DateTime.UtcNow is { } left && left > TimeSpan.Zero)
            await Task.Delay(left);
        await Task.WhenAll(freezes);
        foreach (var proxy in cell.Proxies)
            proxy.Faults = _ => null;
        cell.Aws?.Faults.Clear();
        if (harm > 0)
            Done.Add($"faults in {harm:P0} of the requests to storage");
    }

    // A simulated start that is held up for longer than its settle window of some seconds would be made twice, as it would on AWS.
    private bool LongFreezeIsOn() => cell.Aws is not null && dice.Next(4) == 0;

    private void TroubleAws()
    {
        if (cell.Aws is not { } aws)
            return;
        if (dice.Next(2) == 0)
            aws.Faults.Throttle(0.3 * dice.NextDouble(), dice.Next());
        foreach (var action in new[] { "CreateSnapshots", "CreateSnapshot", "DeleteSnapshot", "DescribeSnapshots", "AssumeRole" })
        {
            if (dice.Next(3) == 0)
                aws.Faults.LoseReplies(action, 1 + dice.Next(2));
            if (dice.Next(4) == 0)
                aws.Faults.Fail(action, "InternalError", "An internal error has occurred.", status: 500);
        }

        Done.Add("faults of AWS");
    }

    private StorageFault? NextFault(StorageRequest request, double harm)
    {
        int kind, milliseconds;
        lock (gate)
        {
            if (dice.NextDouble() >= harm)
                return null;
            (kind, milliseconds) = (dice.Next(8), dice.Next(LongestDelay));
        }

        report.Count("faults of storage");
        return kind switch
        {
            0 => new StorageFault.Refused(500, "InternalError"),
            1 => new StorageFault.Refused(503, "ServerBusy"),
            2 => new StorageFault.Refused(429, "TooManyRequests", TimeSpan.FromSeconds(1)),
            3 => new StorageFault.ResetBefore(),
            4 => new StorageFault.ResetAfter(),
            5 => request.IsWrite ? new StorageFault.ResetAfter() : new StorageFault.ResetBefore(),
            6 => new StorageFault.Cut(),
            _ => new StorageFault.Late(TimeSpan.FromMilliseconds(milliseconds)),
        };
    }

    private async Task KillAsync(AppProcess app, Victim victim)
    {
        report.Count("kills");
        Done.Add($"{victim} killed".ToLowerInvariant());
        try
        {
            await app.KillAndRecoverAsync(victim);
        }
        catch (InvalidOperationException)
        {
            await cell.ReviveAsync(report);
        }
    }

    private async Task FreezeAsync(AppProcess app, bool host, TimeSpan time)
    {
        report.Count(time == LongFreeze ? "long freezes" : "freezes");
        Done.Add($"{(host ? "host" : "worker")} frozen for {time.TotalSeconds:F1} s");
        var process = host ? app.HostId : app.WorkerId;
        await AppProgram.SignalAsync("STOP", process);
        try
        {
            await Task.Delay(time);
        }
        finally
        {
            await AppProgram.SignalAsync("CONT", process);
        }
    }
}
