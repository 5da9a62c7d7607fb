using CloudRewind.Domain.Protections;

namespace CloudRewind.Domain.Capture;

/// <summary>
/// Moves the captures of a protection on, one short round at a time. All state is in the inventory, so that a round may be repeated, cut
/// short at any point, or run twice at once: an entry is claimed under its version before the provider is asked to start anything. A claim
/// without an outcome may be that of a process that died, so the next round asks the provider again, which adopts what it finds.
/// </summary>
public sealed class CaptureRun(IResourceInventory inventory, ICaptureProvider provider, CaptureLimits limits, TimeProvider time)
{
    /// <summary>
    /// Starts what may be started, asks after what is at work, and writes down what came of it. After the time limit it gives up what has not ended.
    /// </summary>
    /// <param name="protection">A protection that is in progress.</param>
    /// <param name="assembly">Its assembly; null where that is gone, which nothing can be captured without.</param>
    /// <param name="cancellationToken">Stops the round between two steps.</param>
    public async Task<CaptureRound> AdvanceAsync(Protection protection, Assemblies.CloudAssembly? assembly, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(protection);
        var deadline = protection.UpdatedAt + limits.TimeLimit;
        var entries = await inventory.ReadAsync(protection.Id, cancellationToken);
        var moved = 0;

        await Parallel.ForEachAsync(
            entries.Where(entry => !entry.IsFinished).OrderByDescending(entry => entry.State).Take(Share(deadline)),
            new ParallelOptions { MaxDegreeOfParallelism = limits.MaxConcurrency, CancellationToken = cancellationToken },
            async (entry, token) =>
            {
                if (await MoveAsync(entry, token))
                    Interlocked.Increment(ref moved);
            });

        var after = moved == 0 ? entries : await inventory.ReadAsync(protection.Id, cancellationToken);
        var left = deadline - time.GetUtcNow();
        var failure = after.FirstOrDefault(entry => entry.State == ResourceState.Failed);
        return new CaptureRound(
            Count(after),
            moved > 0,
            left > TimeSpan.Zero ? left : TimeSpan.Zero,
            failure is null ? null : $"{failure.ResourceId}: {failure.Reason}");

        async Task<bool> MoveAsync(ProtectedResource entry, CancellationToken token)
        {
            if (assembly is null)
                return await WriteAsync(entry, Fail(entry, "The cloud assembly is gone, and with it the connection to AWS."), token);
            if (time.GetUtcNow() >= deadline)
                return await WriteAsync(entry, Fail(entry, $"Not captured within the time limit of {limits.TimeLimit:c}."), token);

            var claimed = entry.SnapshotId is null
                ? await inventory.TryUpdateAsync(protection.Id, entry with { State = ResourceState.Capturing }, token)
                : entry;
            if (claimed is null)
                return false; // another run of this round has it

            var next = await AttemptAsync(new CaptureTarget(protection.Id, assembly, entry.ResourceId), claimed, token);
            return (next == claimed || await WriteAsync(claimed, next, token)) && next.State != entry.State;
        }

        async Task<bool> WriteAsync(ProtectedResource before, ProtectedResource next, CancellationToken token) =>
            await inventory.TryUpdateAsync(protection.Id, next with { Version = before.Version }, token) is not null;
    }

    // Past the deadline there is nothing to wait for, so that all the rest is given up in one round.
    private int Share(DateTimeOffset deadline) =>
        time.GetUtcNow() >= deadline ? int.MaxValue : limits.MaxConcurrency;

    private async Task<ProtectedResource> AttemptAsync(CaptureTarget target, ProtectedResource entry, CancellationToken cancellationToken)
    {
        try
        {
            var progress = entry.SnapshotId is null
                ? await provider.StartAsync(target, cancellationToken)
                : await provider.PollAsync(target, entry.SnapshotId, cancellationToken);
            return progress switch
            {
                CaptureProgress.Capturing at => Healthy(entry) with { State = ResourceState.Capturing, SnapshotId = at.SnapshotId },
                CaptureProgress.Captured at => Healthy(entry) with { State = ResourceState.Captured, SnapshotId = at.SnapshotId },
                CaptureProgress.Failed with => Fail(entry, with.Reason),
                _ => throw new InvalidOperationException($"{progress} is not a progress that a capture can have."),
            };
        }
        catch (Exception error) when (!error.EndsRound(cancellationToken))
        {
            var errors = entry.ErrorsInARow + 1;
            return errors < CaptureLimits.MaxErrorsInARow
                ? entry with { ErrorsInARow = errors, Reason = error.Message }
                : Fail(entry, $"Given up after {errors} attempts: {error.Message}") with { ErrorsInARow = errors };
        }
    }

    private static ProtectedResource Healthy(ProtectedResource entry) => entry with { ErrorsInARow = 0, Reason = null };

    private static ProtectedResource Fail(ProtectedResource entry, string reason) =>
        entry with { State = ResourceState.Failed, Reason = reason };

    private static ResourceCounts Count(IReadOnlyList<ProtectedResource> entries) =>
        new(entries.Count, entries.Count(entry => entry.State == ResourceState.Captured), entries.Count(entry => entry.State == ResourceState.Failed));
}
