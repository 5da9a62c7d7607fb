namespace CloudRewind.FunctionsHost.Functions;

/// <summary>Who starts a function.</summary>
internal enum TriggerKind
{
    /// <summary>This host, for a request.</summary>
    Http,

    /// <summary>This host, when a time has come.</summary>
    Timer,

    /// <summary>An extension of WebJobs, such as Durable.</summary>
    Extension,
}
