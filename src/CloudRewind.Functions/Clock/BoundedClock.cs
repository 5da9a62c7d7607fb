using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Clock;

/// <summary>
/// The machine's clock, which never runs further ahead of storage's than <see cref="Tolerance"/>: while it does, storage's time counts. So no retention ends early and
/// no due time is decided before it has come because the clock of one machine is wrong. A clock that is behind is left as it is: it makes things late, and never early.
/// </summary>
public sealed class BoundedClock(TimeProvider machine, ILogger<BoundedClock> log) : TimeProvider
{
    /// <summary>By how much the machine's clock may be ahead.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private Reading? storage;
    private int isAhead;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => machine.LocalTimeZone;

    /// <inheritdoc/>
    public override long TimestampFrequency => machine.TimestampFrequency;

    /// <summary>Takes note of the time that an answer of storage names.</summary>
    public void Observe(DateTimeOffset storageTime) => Volatile.Write(ref storage, new Reading(storageTime, machine.GetTimestamp()));

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        var now = machine.GetUtcNow();
        if (Volatile.Read(ref storage) is not { } known)
            return now;
        var storageNow = known.Time + machine.GetElapsedTime(known.Timestamp);
        var ahead = now > storageNow + Tolerance;
        if (Interlocked.Exchange(ref isAhead, ahead ? 1 : 0) != (ahead ? 1 : 0))
            Tell(ahead, now, storageNow);
        return ahead ? storageNow : now;
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => machine.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        machine.CreateTimer(callback, state, dueTime, period);

    private void Tell(bool ahead, DateTimeOffset now, DateTimeOffset storageNow)
    {
        if (ahead)
            log.LogError("This machine's clock says {Now:o}, and storage's {StorageNow:o}: storage's time is used", now, storageNow);
        else
            log.LogInformation("This machine's clock agrees with storage's again");
    }

    private sealed record Reading(DateTimeOffset Time, long Timestamp);
}
