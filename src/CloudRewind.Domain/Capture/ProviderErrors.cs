namespace CloudRewind.Domain.Capture;

/// <summary>Tells a provider's errors from those that end whatever is being done.</summary>
public static class ProviderErrors
{
    /// <summary>Whether storage is unavailable, or the work itself was cancelled. A provider's own timeout is an error of the provider.</summary>
    public static bool EndsRound(this Exception error, CancellationToken round) =>
        error is StoreUnavailableException || (error is OperationCanceledException && round.IsCancellationRequested);
}
