namespace CloudRewind.TestSupport;

/// <summary>One request to a storage service.</summary>
/// <param name="Method">Such as <c>GET</c>.</param>
/// <param name="Target">Path and query, as they were sent.</param>
public sealed record StorageRequest(string Method, string Target)
{
    /// <summary>Whether it may change something.</summary>
    public bool IsWrite => Method is not ("GET" or "HEAD");
}
