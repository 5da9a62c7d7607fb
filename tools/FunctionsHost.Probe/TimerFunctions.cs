using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.FunctionsHost.Probe;

/// <summary>A timer that notes its runs; a test sets how often it runs.</summary>
public sealed class TimerFunctions(Notes notes)
{
    /// <summary>
    /// Notes that it begins, on which process and whether late. Where the note <c>hold-tick</c> is there, notes that it
    /// waits, until <c>open-tick</c> is, or fails where it is cancelled first. Notes that it ends.
    /// </summary>
    [Function(nameof(Tick))]
    public async Task Tick([TimerTrigger("%Probe__Schedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        notes.Add("ticks", $"begin {Environment.ProcessId} {(timer.IsPastDue ? "late" : "in time")}");
        if (notes.Has("hold-tick"))
        {
            notes.Add("ticks", $"held {Environment.ProcessId}");
            await notes.UntilAsync("open-tick", cancellationToken);
        }

        notes.Add("ticks", $"end {Environment.ProcessId}");
    }
}
