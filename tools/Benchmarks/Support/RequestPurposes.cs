namespace CloudRewind.Benchmarks.Support;

/// <summary>What kinds of requests are for.</summary>
internal static class RequestPurposes
{
    private static readonly (string Start, string Purpose)[] Known =
    [
        ("GET CloudAssemblies", "what is to be protected, and whether it may be"),
        ("GET Protections (list of resource)", "the inventory"),
        ("GET Protections (protection)", "how far the protection is, and whether somebody wants it to end"),
        ("GET Protections (run)", "which protection of the assembly runs"),
        ("GET Protections (policy", "the policy that made it"),
        ("GET Protections (list of held", "the copies that count"),
        ("GET Protections (key", "whether the request came before"),
        ("GET RevokedTokens", "whether the token is revoked; remembered for a while"),
        ("GET WorkList", "the work list"),
        ("POST Protections ($batch: protection, resource, transition", "a transition, and with it the inventory"),
        ("POST Protections ($batch: protection, run, held", "the outcome, of which the assembly's others must know"),
        ("POST Protections ($batch: protection, run, transition", "the creation, of which the assembly's others must know"),
        ("POST Protections ($batch: protection, transition", "a transition"),
        ("POST Protections ($batch: transition, protection", "a transition"),
        ("POST Protections ($batch: resource", "what a round found, and what it is about to start"),
        ("POST Protections ($batch: protection)", "progress"),
        ("POST WorkList ($batch", "the work is listed, so that the watchdog drives it if nothing else does"),
        ("PATCH WorkList", "a deletion is claimed"),
        ("GET SimulatedSnapshots", "in place of a list of snapshots at AWS"),
        ("POST SimulatedSnapshots", "in place of a snapshot that is started at AWS"),
        ("DELETE queue cloudrewind-control", "a message to an orchestration is done"),
        ("DELETE queue cloudrewind-workitems", "a message to an activity is done"),
        ("POST queue cloudrewind-control", "a message to an orchestration: its start, an activity's result, a timer"),
        ("POST queue cloudrewind-workitems", "a message to an activity"),
        ("PUT queue", "a message is held for longer"),
        ("GET CloudRewindHistory", "the history of an orchestration, to replay it"),
        ("POST CloudRewindHistory", "a turn's new events"),
        ("GET CloudRewindInstances", "whether an instance of this id is there"),
        ("POST CloudRewindInstances", "a new instance"),
        ("PATCH CloudRewindInstances", "how an instance stands"),
        ("PUT CloudRewindInstances", "how an instance stands"),
    ];

    /// <summary>A few words; empty for a kind that is new here.</summary>
    public static string Of(RequestKind kind) =>
        Array.Find(Known, known => kind.Text.StartsWith(known.Start, StringComparison.Ordinal)).Purpose ?? "";
}
