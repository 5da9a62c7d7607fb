namespace CloudRewind.Benchmarks.Support;

/// <summary>On whose behalf storage is asked.</summary>
internal enum RequestOwner
{
    /// <summary>The app, for its own tables.</summary>
    App,

    /// <summary>The simulated provider, which keeps in a table what would be at AWS.</summary>
    Simulation,

    /// <summary>The Durable engine, and the host's timers.</summary>
    Durable,
}
