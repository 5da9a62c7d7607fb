using System.Text.Json.Serialization;
using CloudRewind.Domain.Protections;

namespace CloudRewind.Domain.Capture;

/// <summary>What one round of captures came to.</summary>
/// <param name="Progress">How far the protection is after the round.</param>
/// <param name="Started">Whether the round has started any snapshot: then the next is worth making soon.</param>
/// <param name="RetryAfter">How long to wait at least before the next round, because the provider asked for it; zero where it did not.</param>
/// <param name="TimeLeft">Until the run's time limit; never negative.</param>
/// <param name="FirstFailure">The first resource that was given up, and why; null where none was.</param>
/// <param name="Unrecorded">How many snapshots carry the protection's id and are in no resource's entry; they go when it is pruned.</param>
/// <param name="Cancel">The request to end the run, by which what had not ended was given up; null where nobody has asked.</param>
public sealed record CaptureRound(
    CaptureProgress Progress, bool Started, TimeSpan RetryAfter, TimeSpan TimeLeft, string? FirstFailure, int Unrecorded, Request? Cancel = null)
{
    /// <summary>Whether every capture has ended, well or not.</summary>
    [JsonIgnore]
    public bool IsLast => Progress.Counts.Unfinished == 0;

    /// <summary>On whose behalf the run is over: who asked for its end, where that cut it short; else null.</summary>
    [JsonIgnore]
    public Actor? EndedBy => IsCutShort ? Cancel!.By : null;

    /// <summary>What the last round has to say of the run.</summary>
    [JsonIgnore]
    public string Summary =>
        $"{(IsCutShort ? $"{Cancel!.Reason} " : "")}Resources captured: {Progress.Counts.Captured} of {Progress.Counts.Total}.{(FirstFailure is null ? "" : $" {FirstFailure}")}";

    // One that was asked to end when all was captured has ended by itself.
    private bool IsCutShort => Cancel is not null && Progress.Counts.Failed > 0;
}
