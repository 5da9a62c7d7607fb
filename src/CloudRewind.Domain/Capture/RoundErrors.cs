namespace CloudRewind.Domain.Capture;

/// <summary>Tells what ends a round from what is an error of one resource.</summary>
internal static class RoundErrors
{
    /// <summary>Whether the whole round ends with it: storage is unavailable, or the round itself was cancelled. A provider's own time-out is an error of the resource.</summary>
    public static bool EndsRound(this Exception error, CancellationToken round) =>
        error is StoreUnavailableException || (error is OperationCanceledException && round.IsCancellationRequested);
}
