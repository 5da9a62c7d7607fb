namespace CloudRewind.Domain;

/// <summary>What was to be stored is larger than the store can hold: the same call never succeeds, and nothing was written.</summary>
public sealed class StoreLimitException : Exception
{
    /// <summary>Says what is too large.</summary>
    /// <param name="field">The field that takes the most space.</param>
    /// <param name="bytes">The size of what was to be stored, in bytes.</param>
    /// <param name="limit">The most that the store can hold, in bytes.</param>
    public StoreLimitException(string field, long bytes, long limit)
        : base($"It takes {bytes} bytes in storage, and {limit} are the limit; the field '{field}' takes the most of them.")
    {
        Field = field;
    }

    /// <summary>The field that takes the most space.</summary>
    public string Field { get; }
}
