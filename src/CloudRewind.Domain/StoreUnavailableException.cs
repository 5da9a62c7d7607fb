namespace CloudRewind.Domain;

/// <summary>Storage did not answer, or asked to be tried again: the same call may succeed later.</summary>
public sealed class StoreUnavailableException : Exception
{
    /// <summary>Says what was being done when storage failed.</summary>
    public StoreUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
