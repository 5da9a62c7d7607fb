namespace CloudRewind.Simulation;

/// <summary>How a simulated resource behaves, by the beginning of its id.</summary>
/// <param name="Steps">How many steps its capture takes; null: it never ends.</param>
/// <param name="RefusesCapture">Whether its capture fails for good.</param>
/// <param name="FailingCaptures">How many attempts to capture it end without an answer before one works.</param>
/// <param name="ThrottledCaptures">How many attempts to capture it are told to come back later before one works.</param>
/// <param name="FailingRemovals">How many attempts to remove it go wrong before one works.</param>
internal sealed record SimulatedBehaviour(int? Steps = 1, bool RefusesCapture = false, int FailingCaptures = 0, int ThrottledCaptures = 0, int FailingRemovals = 0)
{
    private static readonly (string Prefix, SimulatedBehaviour Behaviour)[] Known =
    [
        ("sim-ok-", new()),
        ("sim-slow-", new(Steps: 10)),
        ("sim-fail-", new(RefusesCapture: true)),
        ("sim-flaky-", new(FailingCaptures: 2)),
        ("sim-throttled-", new(ThrottledCaptures: 8)), // more than the errors after which a resource is given up
        ("sim-stuck-", new(Steps: null)),
        ("sim-keep-", new(FailingRemovals: 2)),
    ];

    /// <summary>The behaviour that an id asks for.</summary>
    /// <exception cref="ArgumentException">It is not a simulated id.</exception>
    public static SimulatedBehaviour Of(string resourceId) =>
        Find(resourceId) ?? throw new ArgumentException($"{resourceId} is {FaultOf(resourceId)}", nameof(resourceId));

    /// <summary>Why no simulated resource can have an id; null where one can.</summary>
    public static string? FaultOf(string resourceId) => Find(resourceId) is not null ? null
        : $"not a simulated id: those begin with {string.Join(", ", Known.Select(known => known.Prefix))}. "
            + "Capture is simulated, and AWS is not contacted; set Capture__Provider=Aws to protect real resources.";

    private static SimulatedBehaviour? Find(string resourceId) =>
        Array.Find(Known, known => resourceId.StartsWith(known.Prefix, StringComparison.Ordinal)).Behaviour;
}
