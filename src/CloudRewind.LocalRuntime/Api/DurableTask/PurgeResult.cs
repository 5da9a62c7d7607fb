namespace Microsoft.DurableTask.Client;

/// <summary>What a purge removed.</summary>
/// <param name="count">How many orchestrations.</param>
public class PurgeResult(int count)
{
    /// <summary>How many orchestrations were removed.</summary>
    public int PurgedInstanceCount { get; } = count;
}
