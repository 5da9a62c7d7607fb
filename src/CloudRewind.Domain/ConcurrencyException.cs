namespace CloudRewind.Domain;

/// <summary>Others changed the same thing at the same time, again and again: nothing was written, and the same call may succeed later.</summary>
public sealed class ConcurrencyException : Exception
{
    /// <summary>Says what was being done.</summary>
    public ConcurrencyException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
