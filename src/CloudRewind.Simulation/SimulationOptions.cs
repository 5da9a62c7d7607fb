namespace CloudRewind.Simulation;

/// <summary>How the simulated provider behaves.</summary>
/// <param name="StepTime">How long each simulated step takes.</param>
public sealed record SimulationOptions(TimeSpan StepTime);
