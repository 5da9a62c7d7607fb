using CloudRewind.Domain;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Telemetry;
using Microsoft.Extensions.Logging;
using OpenTelemetry;

namespace CloudRewind.Functions.Protections;

/// <summary>
/// Lets requests wait for a protection's next transition. All that wait for the same protection share one poll of its row, which ends with the
/// last of them; waiting costs no thread.
/// </summary>
public sealed class StatusWatch(IProtectionStore protections, TimeProvider time, ILogger<StatusWatch> log)
{
    /// <summary>Between two looks at the row: how late a waiting request may be told.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    private readonly Lock gate = new();
    private readonly Dictionary<ProtectionId, Poll> polls = [];

    /// <summary>How many protections are being polled.</summary>
    public int Polls
    {
        get
        {
            lock (gate)
                return polls.Count;
        }
    }

    /// <summary>
    /// Waits until the protection is in a newer version than the one that is known. An older one, which a read that began earlier may still bring, is
    /// never returned.
    /// </summary>
    /// <param name="known">What the caller has read.</param>
    /// <param name="limit">How long to wait at most.</param>
    /// <param name="stopping">The app is being stopped, or will not be listened to: the wait ends as it does at its limit.</param>
    /// <param name="aborted">The client has gone: nobody is left to tell.</param>
    /// <returns>The protection as last read; null where it is gone.</returns>
    /// <exception cref="OperationCanceledException">The client has gone.</exception>
    /// <exception cref="StoreUnavailableException">Storage does not answer.</exception>
    public async Task<Protection?> WaitAsync(Protection known, TimeSpan limit, CancellationToken stopping, CancellationToken aborted)
    {
        log.LookupWaits(known.Id, limit);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, aborted);
        var poll = Join(known);
        try
        {
            return await poll.NewerThan(known).WaitAsync(limit, time, either.Token);
        }
        catch (Exception error) when (error is TimeoutException || (error is OperationCanceledException && !aborted.IsCancellationRequested))
        {
            return known;
        }
        finally
        {
            Leave(known.Id, poll);
        }
    }

    private Poll Join(Protection known)
    {
        lock (gate)
        {
            if (!polls.TryGetValue(known.Id, out var poll))
            {
                polls[known.Id] = poll = new Poll(known);
                _ = RunAsync(poll);
            }

            poll.Waiting++;
            return poll;
        }
    }

    private void Leave(ProtectionId id, Poll poll)
    {
        lock (gate)
        {
            if (--poll.Waiting == 0)
                End(id, poll);
        }
    }

    private void End(ProtectionId id, Poll poll)
    {
        poll.Stop.Cancel();
        if (polls.TryGetValue(id, out var current) && current == poll)
            polls.Remove(id);
    }

    private async Task RunAsync(Poll poll)
    {
        using var untraced = SuppressInstrumentationScope.Begin(); // four looks a second, which belong to all that wait and not to the first
        var id = poll.Latest!.Id;
        try
        {
            while (true)
            {
                await Task.Delay(PollInterval, time, poll.Stop.Token);
                poll.Tell(await protections.FindAsync(id, poll.Stop.Token));
            }
        }
        catch (OperationCanceledException) when (poll.Stop.IsCancellationRequested)
        {
            // Nobody waits any more.
        }
        catch (Exception error)
        {
            lock (gate)
                End(id, poll); // the next request that waits polls anew
            poll.Fail(error);
        }
    }

    private sealed class Poll(Protection first)
    {
        private readonly Lock gate = new();
        private TaskCompletionSource<Protection?> next = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Protection? Latest { get; private set; } = first;

        public CancellationTokenSource Stop { get; } = new();

        public int Waiting { get; set; }

        public Task<Protection?> NewerThan(Protection known)
        {
            lock (gate)
            {
                if (IsNewer(Latest, known))
                    return Task.FromResult(Latest);
                Tell(known); // read after the poll's latest: perhaps news for the others
                return next.Task;
            }
        }

        public void Tell(Protection? read)
        {
            lock (gate)
            {
                if (!IsNewer(read, Latest) || !next.TrySetResult(read))
                    return;
                Latest = read;
                next = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        public void Fail(Exception error)
        {
            lock (gate)
                next.TrySetException(error);
        }

        // A sequence number only grows, the mark is never taken back, and a protection that is gone does not return.
        private static bool IsNewer(Protection? one, Protection? other) =>
            one is null || other is null
                ? one is null && other is not null
                : (one.Sequence, one.AssemblyIsBeingDeleted).CompareTo((other.Sequence, other.AssemblyIsBeingDeleted)) > 0;
    }
}
