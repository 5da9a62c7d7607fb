namespace CloudRewind.Benchmarks.Support;

/// <summary>What is protected.</summary>
internal static class SimulatedResources
{
    public static readonly string[] Two = ["sim-ok-a", "sim-ok-b"];

    /// <summary>What takes ten steps, so that there is something to wait for.</summary>
    public static readonly string[] Slow = ["sim-ok-a", "sim-slow-b"];
}
