namespace CloudRewind.TestSupport;

/// <summary>What goes wrong with a request to a storage service.</summary>
public abstract record StorageFault
{
    /// <summary>It is answered with an error, and not done.</summary>
    /// <param name="Status">The HTTP status.</param>
    /// <param name="Code">The service's code, such as <c>ServerBusy</c>.</param>
    /// <param name="RetryAfter">What the answer says of when to try again; null: nothing.</param>
    public sealed record Refused(int Status, string Code, TimeSpan? RetryAfter = null) : StorageFault;

    /// <summary>The connection is reset, and the request not done.</summary>
    public sealed record ResetBefore : StorageFault;

    /// <summary>The request is done, and the connection reset before any answer.</summary>
    public sealed record ResetAfter : StorageFault;

    /// <summary>The request is done, and the connection breaks in the middle of the answer.</summary>
    public sealed record Cut : StorageFault;

    /// <summary>A message is answered as if it were in its queue, and is not.</summary>
    public sealed record Lost : StorageFault;

    /// <summary>The request is done late.</summary>
    /// <param name="By">By how much.</param>
    public sealed record Late(TimeSpan By) : StorageFault;

    /// <summary>The request is neither done nor answered; in the end its connection is reset.</summary>
    /// <param name="Until">The end.</param>
    public sealed record Silent(Task Until) : StorageFault;
}
