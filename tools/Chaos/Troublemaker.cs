using System.Collections.Concurrent;
using System.Diagnostics;
using CloudRewind.Chaos.Faults;
using CloudRewind.TestSupport;

namespace CloudRewind.Chaos;

/// <summary>Makes the faults of one round, and then takes all of them back.</summary>
internal sealed class Troublemaker
{
    private static readonly TimeSpan QuietWindow = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BeforeOutage = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan ShortFreeze = TimeSpan.FromSeconds(4);

    // Longer than the engine's leases of half a minute.
    private static readonly TimeSpan LongFreeze = TimeSpan.FromSeconds(40);

    // Less than what a round waits for when nothing moves: a timer that was set by such a clock may come later by as much.
    private static readonly TimeSpan LongestJump = TimeSpan.FromMinutes(4);

    // Longer than any deadline of a call.
    private static readonly TimeSpan LongestAwsDelay = TimeSpan.FromMinutes(1);

    // What is to be lost may come late: on a busy machine, nothing is at work yet when the window ends.
    private static readonly TimeSpan LongestSearch = TimeSpan.FromMinutes(1);

    private const int LongestDelay = 2_500;
    private const int OneMessageIn = 4;

    private readonly Cell cell;
    private readonly long accountId;
    private readonly Random dice;
    private readonly ChaosReport report;
    private readonly Journal journal;
    private readonly Lock gate = new();
    private readonly ConcurrentQueue<string> done = [];
    private readonly double harm;
    private readonly int strokes;
    private readonly Outage? outage;
    private readonly int messages;
    private readonly TaskCompletionSource firstMessage = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int lostMessages;
    private readonly int instances;
    private readonly UnreadableRows? rows;
    private readonly MovableClock? clock;

    /// <param name="cell">What the faults are made in.</param>
    /// <param name="accountId">The account whose orchestrations may lose something.</param>
    /// <param name="theme">The kind of fault that is surely made.</param>
    /// <param name="longestOutage">How long an outage may last.</param>
    /// <param name="dice">Decides the rest.</param>
    /// <param name="report">Counts the faults.</param>
    /// <param name="journal">Is told what single orchestrations have lost.</param>
    public Troublemaker(Cell cell, long accountId, Theme theme, TimeSpan longestOutage, Random dice, ChaosReport report, Journal journal)
    {
        (this.cell, this.accountId, this.dice, this.report, this.journal) = (cell, accountId, dice, report, journal);
        Window = QuietWindow;
        if (cell.Apps.Count == 0)
            return;
        harm = new[] { 0.0, 0.01, 0.03, 0.08 }[dice.Next(4)];
        strokes = dice.Next(4);
        outage = Has(Theme.Outage, oneIn: 8) ? Outage.Of(dice, longestOutage) : null;
        messages = Has(Theme.LostMessages, oneIn: 4) ? 1 + dice.Next(6) : 0;
        instances = Has(Theme.LostInstances, oneIn: 4) ? 1 + dice.Next(6) : 0;
        rows = Has(Theme.UnreadableRows, oneIn: 4) ? new UnreadableRows(cell.ConnectionString) : null;
        clock = Has(Theme.ClockJump, oneIn: 8) ? cell.Clock : null;
        Window += outage?.Length ?? TimeSpan.Zero;

        bool Has(Theme one, int oneIn) => dice.Next(oneIn) == 0 | theme == one;
    }

    /// <summary>How long faults are made.</summary>
    public TimeSpan Window { get; }

    /// <summary>Whether no host is killed or stopped.</summary>
    public bool LeavesHostsAlone => strokes == 0;

    /// <summary>What was done, in a few words.</summary>
    public string Done => done.IsEmpty ? "no faults" : string.Join(", ", done);

    /// <summary>Makes faults until the time is over.</summary>
    public async Task RunAsync()
    {
        foreach (var (service, proxy) in cell.Proxies)
            proxy.Faults = request => outage?.FaultOf(service) ?? LoseMessage(request) ?? NextFault(request);
        TroubleAws();
        await Task.WhenAll(
        [
            Task.Delay(Window),
            StrikeAsync(new Random(dice.Next())),
            TakeAwayAsync(),
            LoseMessagesAsync(),
            LoseInstancesAsync(new Random(dice.Next())),
            MoveClockAsync(new Random(dice.Next())),
            TroubleAuthorityAsync(new Random(dice.Next())),
            WriteRowsAsync(),
        ]);
        foreach (var proxy in cell.Proxies.Values)
            proxy.Faults = _ => null;
        cell.Aws?.Faults.Clear();
        if (harm > 0)
            done.Enqueue($"faults in {harm:P0} of the requests to storage");
    }

    /// <summary>Takes out what the app must not have needed to be without.</summary>
    public Task CleanAsync() => rows?.RemoveAsync() ?? Task.CompletedTask;

    private async Task StrikeAsync(Random luck)
    {
        List<Task> freezes = [];
        for (var left = strokes; left > 0; left--)
        {
            await Task.Delay(Window * luck.NextDouble() / 2);
            var app = cell.Apps[luck.Next(cell.Apps.Count)];
            switch (luck.Next(10))
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
                    // A simulated start that is held up for longer than its settle window is made twice.
                    var isLong = cell.Aws is not null && luck.Next(4) == 0;
                    freezes.Add(FreezeAsync(app, luck.Next(2) == 0, isLong ? LongFreeze : ShortFreeze * luck.NextDouble()));
                    break;
            }
        }

        await Task.WhenAll(freezes);
    }

    private async Task TakeAwayAsync()
    {
        if (outage is null)
            return;
        await Task.Delay(BeforeOutage); // or nothing is at work yet
        report.Count(outage.Kind);
        report.Count(Fault.SilentOutages, outage.IsSilent ? 1 : 0);
        done.Enqueue($"{outage}");
        await outage.RunAsync();
    }

    // A message is lost as soon as it is put: the host that puts it is told that it is in its queue.
    private StorageFault.Lost? LoseMessage(StorageRequest request)
    {
        if (messages == lostMessages || TaskHub.MessageOf(request) is not { } message)
            return null;
        lock (gate)
        {
            if (messages == lostMessages || dice.Next(OneMessageIn) != 0)
                return null;
            lostMessages++;
        }

        journal.Note($"lost: {message.Text}");
        report.Count(message.IsWorkItem ? Fault.WorkItemsLost : Fault.ControlMessagesLost);
        firstMessage.TrySetResult();
        return new StorageFault.Lost();
    }

    private async Task LoseMessagesAsync()
    {
        if (messages == 0)
            return;
        await Task.WhenAny(Task.WhenAll(firstMessage.Task, Task.Delay(Window)), Task.Delay(Window + LongestSearch));
        done.Enqueue($"{lostMessages} messages lost");
    }

    private async Task LoseInstancesAsync(Random luck)
    {
        if (instances == 0)
            return;
        var begun = Stopwatch.GetTimestamp();
        using var end = new CancellationTokenSource(Window + LongestSearch);
        var hub = new TaskHub(cell.ConnectionString);
        var lost = 0;
        for (; lost == 0 || (lost < instances && Stopwatch.GetElapsedTime(begun) < Window); lost++)
        {
            await Task.Delay(Window * luck.NextDouble() / (2 * instances));
            var isHistoryOnly = luck.Next(2) == 0;
            if (await hub.LoseInstanceAsync(accountId, isHistoryOnly, luck, end.Token) is not { } instance)
                break;
            journal.Note($"lost: {instance}");
            report.Count(isHistoryOnly ? Fault.HistoriesLost : Fault.InstancesLost);
        }

        done.Enqueue($"{lost} instances lost");
    }

    private async Task MoveClockAsync(Random luck)
    {
        if (clock is null)
            return;
        await Task.Delay(Window * luck.NextDouble() / 2);
        var by = LongestJump * ((2 * luck.NextDouble()) - 1);
        report.Count(Fault.ClockJumps);
        done.Enqueue($"clock {(by > TimeSpan.Zero ? "ahead" : "back")} by {Math.Abs(by.TotalSeconds):F0} s");
        clock.Move(by);
        await Task.Delay(Window / 2);
        clock.Move(TimeSpan.Zero);
    }

    private async Task TroubleAuthorityAsync(Random luck)
    {
        if (!cell.Keys.CanChange)
            return;
        var isBefore = luck.Next(2) == 0;
        await Task.Delay(Window * luck.NextDouble() / 3);
        if (isBefore)
            cell.Keys.Rotate();
        cell.Keys.Hang();
        await Task.Delay(Window * luck.NextDouble() / 2);
        if (!isBefore)
            cell.Keys.Rotate();
        cell.Keys.Answer();
        report.Count(Fault.AuthorityHangs);
        report.Count(Fault.KeyRotations);
        done.Enqueue($"authority silent {(isBefore ? "after" : "before")} it withdrew its key");
    }

    private async Task WriteRowsAsync()
    {
        if (rows is null)
            return;
        var written = await rows.WriteAsync();
        report.Count(Fault.UnreadableRows, written);
        done.Enqueue($"{written} unreadable rows");
    }

    private void TroubleAws()
    {
        if (cell.Aws is not { } aws)
            return;
        if (dice.Next(2) == 0)
        {
            aws.Faults.Throttle(0.3 * dice.NextDouble(), dice.Next());
            report.Count(Fault.ProviderFaults);
        }

        if (dice.Next(4) == 0)
        {
            aws.Faults.Delay = LongestAwsDelay * dice.NextDouble();
            report.Count(Fault.ProviderFaults);
        }

        foreach (var action in new[] { "CreateSnapshots", "CreateSnapshot", "DeleteSnapshot", "DescribeSnapshots", "AssumeRole" })
        {
            if (dice.Next(3) == 0)
            {
                aws.Faults.LoseReplies(action, 1 + dice.Next(2));
                report.Count(Fault.ProviderFaults);
            }

            if (dice.Next(4) == 0)
            {
                aws.Faults.Fail(action, "InternalError", "An internal error has occurred.", status: 500);
                report.Count(Fault.ProviderFaults);
            }
        }

        done.Enqueue("faults of AWS");
    }

    private StorageFault? NextFault(StorageRequest request)
    {
        int kind, milliseconds;
        lock (gate)
        {
            if (dice.NextDouble() >= harm)
                return null;
            (kind, milliseconds) = (dice.Next(8), dice.Next(LongestDelay));
        }

        report.Count(Fault.StorageFaults);
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
        report.Count(Fault.Kills);
        done.Enqueue($"{victim} killed".ToLowerInvariant());
        try
        {
            await app.KillAndRecoverAsync(victim);
        }
        catch (Exception error) when (error is InvalidOperationException or TimeoutException)
        {
            await cell.ReviveAsync(report);
        }
    }

    private async Task FreezeAsync(AppProcess app, bool host, TimeSpan time)
    {
        report.Count(time == LongFreeze ? Fault.LongFreezes : Fault.Freezes);
        done.Enqueue($"{(host ? "host" : "worker")} frozen for {time.TotalSeconds:F1} s");
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
