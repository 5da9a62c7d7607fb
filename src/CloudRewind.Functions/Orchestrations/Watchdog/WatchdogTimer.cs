using System.Globalization;
using System.Text.Json;
using CloudRewind.Domain;
using CloudRewind.Domain.Driving;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Watchdog;
using CloudRewind.Functions.Orchestrations.ProtectionLifecycle;
using CloudRewind.Functions.Telemetry;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Orchestrations.Watchdog;

/// <summary>
/// Looks after outstanding work. The engine loses instances, or a message of one that it still calls running, and a request can die between its write and its
/// scheduling. Work that no orchestration drives gets one. <see cref="WatchPolicy"/> decides.
/// </summary>
public sealed class WatchdogTimer(
    IWorkList work,
    IProtectionStore protections,
    PrepareProtection preparation,
    CaptureResources captures,
    WatchPolicy policy,
    HistoryPurge histories,
    CloudRewindTelemetry telemetry,
    TimeProvider time,
    ILogger<WatchdogTimer> log,
    ILogger<Heartbeat> heartbeat)
{
    private const int LooksAtOnce = 8;
    private const int MinutesBetweenCorrections = 15;
    private const int PurgeMinute = 7;

    // Of the last round of one run, which may ask the provider.
    private static readonly TimeSpan LongestRound = TimeSpan.FromMinutes(2);

    private readonly IWorkList work = work;
    private readonly IProtectionStore protections = protections;
    private readonly PrepareProtection preparation = preparation;
    private readonly CaptureResources captures = captures;
    private readonly WatchPolicy policy = policy;
    private readonly CloudRewindTelemetry telemetry = telemetry;
    private readonly TimeProvider time = time;
    private readonly ILogger<WatchdogTimer> log = log;
    private readonly TickRunner ticks = new("The watchdog", LooksAtOnce, log);

    /// <summary>Looks at all work that is due, once a minute.</summary>
    [Function("Watchdog")]
    public async Task Run([TimerTrigger("0 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient orchestrations, CancellationToken cancellationToken)
    {
        var look = new Look(time.GetUtcNow(), orchestrations);
        var isDone = await ticks.RunAsync(
            async token =>
            {
                await LookAsync(work.ListDueAsync(look.Now, log.RowUnreadable, token), look, token);
                // A timer may fire up to a second early.
                if (look.Now.AddSeconds(1).Minute % MinutesBetweenCorrections == 0)
                    await LookAsync(work.ListAfterAsync(look.Now + WatchPolicy.LongestUnread, log.RowUnreadable, token), look, token);
            },
            cancellationToken);
        if (!isDone)
            return;

        heartbeat.WatchdogCompleted(look.Looked, look.Restarted, look.Stalled);
        // After the look: what has ended with work left is started again by now, and is not purged.
        if (look.Now.AddSeconds(1).Minute == PurgeMinute)
            await histories.RunAsync(orchestrations, cancellationToken);
    }

    private Task LookAsync(IAsyncEnumerable<WorkItem> items, Look look, CancellationToken cancellationToken) => ticks.ForEachAsync(
        items,
        item => item.Key,
        async (item, token) =>
        {
            Interlocked.Increment(ref look.Looked);
            await LookAfterAsync(item, look, token);
        },
        cancellationToken);

    private async Task LookAfterAsync(WorkItem item, Look look, CancellationToken cancellationToken)
    {
        var watched = await FindAsync(item, look, cancellationToken);
        var decision = policy.Decide(item, watched.State, look.Now);
        if (decision.Action == WatchAction.AskEngine)
        {
            await AskEngineAsync(item, watched, watched.State!, look, cancellationToken);
        }
        else if (decision.Action == WatchAction.Complete)
        {
            await work.CompleteAsync(item, cancellationToken);
        }
        else if (decision.Action == WatchAction.EndRun)
        {
            // It needs no engine: even if that is down, the assembly is free for its next protection.
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(LongestRound);
            await watched.EndRunAsync(look.Orchestrations, look.By, limit.Token);
        }
        else
        {
            await work.PostponeAsync(item, Postponed(item, decision, look), cancellationToken);
        }
    }

    private async Task AskEngineAsync(WorkItem item, WatchedWork watched, WatchedState state, Look look, CancellationToken cancellationToken)
    {
        var instance = await look.Orchestrations.FindAsync(watched.InstanceId, cancellationToken);
        var found = instance?.RuntimeStatus.ToString() ?? "Missing";
        var step = instance is null ? null : StepOf(instance);
        var decision = policy.Decide(item, state, StateOf(instance), step, look.Now);
        if (decision.IsStalled)
        {
            Interlocked.Increment(ref look.Stalled);
            watched.ReportStall(found);
        }

        var postponed = Postponed(item, decision, look);
        if (decision.Action == WatchAction.Replace)
        {
            if (await watched.ReplaceAsync(item, postponed, step!, look.By, cancellationToken) is { } next)
                await StartAsync(next, found, look, cancellationToken);
            await TerminateAsync(watched.InstanceId, look, cancellationToken);
            return;
        }

        if (decision.Action == WatchAction.Start)
            await StartAsync(watched, found, look, cancellationToken);
        else if (decision.Action == WatchAction.Wake)
            await watched.WakeAsync(look.Orchestrations, look.By, cancellationToken); // an earlier event may have been lost
        await work.PostponeAsync(item, postponed, cancellationToken);
    }

    private static WorkItem Postponed(WorkItem item, WatchDecision decision, Look look) =>
        item with { DueAt = decision.DueAt!.Value, OverdueAt = decision.IsOverdueFound ? look.Now : item.OverdueAt };

    private async Task StartAsync(WatchedWork watched, string found, Look look, CancellationToken cancellationToken)
    {
        await watched.StartAsync(look.Orchestrations, look.By, cancellationToken);
        Interlocked.Increment(ref look.Restarted);
        telemetry.CountRestart(found);
        watched.ReportRestart(found, look.By.CorrelationId);
    }

    // It reads its generation at its next step, if it ever makes one, and ends then.
    private async Task TerminateAsync(string instanceId, Look look, CancellationToken cancellationToken)
    {
        try
        {
            await look.Orchestrations.TerminateAsync(instanceId, cancellationToken);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            log.LogDebug(error, "The replaced orchestration {InstanceId} could not be terminated", instanceId);
        }
    }

    private async Task<WatchedWork> FindAsync(WorkItem item, Look look, CancellationToken cancellationToken) => item.Key.Protection is { } id
        ? new WatchedProtection(this, await protections.FindAsync(id, cancellationToken), look.Now)
        : new WatchedDeletion(this, item);

    private static EngineState StateOf(OrchestrationMetadata? instance) => instance?.RuntimeStatus switch
    {
        null => EngineState.Missing,
        OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated => EngineState.Ended,
        OrchestrationRuntimeStatus.Suspended => EngineState.Suspended,
        _ => EngineState.Active,
    };

    private static OrchestrationStep StepOf(OrchestrationMetadata instance)
    {
        var created = new OrchestrationStep(instance.CreatedAt, instance.CreatedAt);
        try
        {
            return instance.ReadCustomStatusAs<StepStatus>()?.Step ?? created;
        }
        catch (JsonException)
        {
            return created;
        }
    }

    private sealed record WatchedProtection(WatchdogTimer Watchdog, Protection? Found, DateTimeOffset Now)
        : WatchedWork(Found is null ? null : Watchdog.policy.StateOf(Found, Now))
    {
        public override string InstanceId => Orchestrations.InstanceId.Of(Protection);

        private Protection Protection => Found!;

        public override Task StartAsync(DurableTaskClient orchestrations, Actor by, CancellationToken cancellationToken) =>
            orchestrations.StartLifecycleAsync(Protection, by, cancellationToken);

        public override Task WakeAsync(DurableTaskClient orchestrations, Actor by, CancellationToken cancellationToken) =>
            orchestrations.WakeAsync(Protection, by, cancellationToken);

        public override async Task<WatchedWork?> ReplaceAsync(
            WorkItem item, WorkItem postponed, OrchestrationStep step, Actor by, CancellationToken cancellationToken)
        {
            var act = await Watchdog.protections.ActAsync(
                Protection.Id,
                (current, summary) => current.ReplaceOrchestration(Protection.Generation, summary, Watchdog.time.GetUtcNow(), by, step.At),
                cancellationToken);
            await Watchdog.work.PostponeAsync(item, postponed, cancellationToken);
            return this with { Found = act!.Protection };
        }

        public override async Task EndRunAsync(DurableTaskClient orchestrations, Actor by, CancellationToken cancellationToken)
        {
            var limit = Watchdog.policy.RunTimeLimit;
            Watchdog.log.LogWarning(
                "Protection {ProtectionId} is {Status} and past its time limit of {Limit}; the watchdog ends its run", Protection.Id, Protection.Status.ToWireName(), limit);
            var input = new LifecycleInput(Protection.Id, by, Protection.Generation, GivenUp: $"It was not begun within the time limit of {limit:c}.");
            if (Protection.Status == ProtectionStatus.InProgress)
                await Watchdog.captures.AdvanceAsync(input, orchestrations, cancellationToken);
            else
                await Watchdog.preparation.AdvanceAsync(input, orchestrations, cancellationToken);
        }

        public override void ReportRestart(string found, string correlationId) => Watchdog.log.OrchestrationRestarted(
            Protection.Id, Protection.Status.ToWireName(), found, Protection.Generation, Protection.Sequence, correlationId);

        public override void ReportStall(string found)
        {
            Watchdog.telemetry.CountStall(Protection.Status);
            Watchdog.log.ProtectionStalled(Protection.Id, Protection.Status.ToWireName(), Protection.UpdatedAt, found, Protection.Sequence);
        }
    }

    private sealed record WatchedDeletion(WatchdogTimer Watchdog, WorkItem Item) : WatchedWork(Watchdog.policy.StateOf(Item))
    {
        public override string InstanceId => Orchestrations.InstanceId.Of(Item.Key.Assembly, Item.Generation);

        public override Task StartAsync(DurableTaskClient orchestrations, Actor by, CancellationToken cancellationToken) =>
            orchestrations.StartDeletionAsync(Item.Key.Assembly, Item.Generation, by, cancellationToken);

        public override async Task<WatchedWork?> ReplaceAsync(
            WorkItem item, WorkItem postponed, OrchestrationStep step, Actor by, CancellationToken cancellationToken)
        {
            var next = postponed with { Generation = item.Generation + 1 };
            return await Watchdog.work.PostponeAsync(item, next, cancellationToken) ? this with { Item = next } : null;
        }

        public override void ReportRestart(string found, string correlationId) =>
            Watchdog.log.DeletionRestarted(Item.Key.Assembly, found, Item.Generation, correlationId);

        public override void ReportStall(string found) => Watchdog.log.DeletionStalled(Item.Key.Assembly, Item.RequestedAt, found);
    }

    private sealed class Look(DateTimeOffset now, DurableTaskClient orchestrations)
    {
        public int Looked;
        public int Restarted;
        public int Stalled;

        public DateTimeOffset Now => now;

        public DurableTaskClient Orchestrations => orchestrations;

        public Actor By { get; } = Actor.Watchdog(string.Create(CultureInfo.InvariantCulture, $"watchdog-{now:yyyyMMddHHmmss}"));
    }
}
