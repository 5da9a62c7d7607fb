namespace CloudRewind.EndToEnd.Tests.Support;

/// <summary>Takes figures and prints them, and says nothing about whether they are good: only where <c>CLOUDREWIND_MEASURE</c> asks for it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MeasurementFactAttribute : FactAttribute
{
    private const string Name = "CLOUDREWIND_MEASURE";

    public MeasurementFactAttribute() =>
        Skip = Environment.GetEnvironmentVariable(Name) is { Length: > 0 } ? null : $"It takes figures only; {Name}=1 asks for them.";
}
