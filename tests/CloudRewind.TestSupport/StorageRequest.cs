namespace CloudRewind.TestSupport;

/// <summary>One request to a storage service.</summary>
/// <param name="Method">Such as <c>GET</c>.</param>
/// <param name="Target">Path and query, as they were sent.</param>
public sealed record StorageRequest(string Method, string Target)
{
    /// <summary>What an entity-group transaction is made of, in its order; of any other request, nothing.</summary>
    public IReadOnlyList<StorageRequest> Parts { get; init; } = [];

    /// <summary>The body of a part of an entity-group transaction, as it was sent, or the text of a message that is put into a queue; of any other request, nothing.</summary>
    public string Body { get; init; } = "";

    /// <summary>Whether it may change something.</summary>
    public bool IsWrite => Method is not ("GET" or "HEAD");
}
