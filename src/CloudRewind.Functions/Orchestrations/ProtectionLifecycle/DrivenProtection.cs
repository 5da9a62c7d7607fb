using CloudRewind.Domain.Protections;
using Microsoft.DurableTask;

namespace CloudRewind.Functions.Orchestrations.ProtectionLifecycle;

/// <summary>The protection that an orchestration drives. It knows the latest transition, so that each next one follows it without a gap.</summary>
internal sealed class DrivenProtection
{
    private readonly TaskOrchestrationContext context;
    private readonly LifecycleRun run;
    private int sequence;
    private DateTimeOffset updatedAt;

    private DrivenProtection(TaskOrchestrationContext context, LifecycleRun run, ProtectionState state)
    {
        this.context = context;
        this.run = run;
        Status = ProtectionStatusNames.FromWireName(state.Status);
        sequence = state.Sequence;
        updatedAt = state.UpdatedAt;
        ExpiresAt = state.ExpiresAt;
        PruneRequested = state.PruneRequested;
        Counts = state.Counts;
        Pace = state.Pace;
    }

    public ProtectionStatus Status { get; private set; }

    public ResourceCounts Counts { get; private set; }

    public DateTimeOffset ExpiresAt { get; }

    public bool PruneRequested { get; }

    public PaceSettings Pace { get; }

    /// <summary>The protection as its row says it stands; null where there is none.</summary>
    public static async Task<DrivenProtection?> LoadAsync(TaskOrchestrationContext context, LifecycleRun run)
    {
        var state = await context.CallActivityAsync<ProtectionState?>(nameof(LoadProtection), run, Retries.OfStorage);
        if (state is null)
            return null;
        context.SetCustomStatus(state.Status);
        return new DrivenProtection(context, run, state);
    }

    /// <summary>Runs an activity of this protection.</summary>
    public Task<T> CallAsync<T>(string activity, TaskOptions options) => context.CallActivityAsync<T>(activity, run, options);

    /// <summary>Records the next transition.</summary>
    /// <exception cref="InvalidOperationException">The store refused it: this orchestration is not the one that drives the protection, and ends.</exception>
    public async Task MoveAsync(ProtectionStatus to, string reason, ResourceCounts? counts = null)
    {
        DateTimeOffset now = new(context.CurrentUtcDateTime, TimeSpan.Zero);
        var transition = new TransitionToRecord(
            run,
            sequence + 1,
            Status.ToWireName(),
            to.ToWireName(),
            now > updatedAt ? now : updatedAt, // clocks of two machines: time never goes back on record
            reason,
            counts ?? Counts);
        var result = await context.CallActivityAsync<string>(nameof(RecordTransition), transition, Retries.OfStorage);
        if (result is not (nameof(RecordResult.Recorded) or nameof(RecordResult.AlreadyRecorded)))
            throw new InvalidOperationException($"Transition {transition.Sequence} of protection {run.ProtectionId} from {transition.From} to {transition.To} was refused: {result}.");

        Status = to;
        sequence = transition.Sequence;
        updatedAt = transition.At;
        Counts = transition.Counts;
        context.SetCustomStatus(transition.To);
    }
}
