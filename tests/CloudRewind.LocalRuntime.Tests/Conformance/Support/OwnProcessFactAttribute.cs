namespace CloudRewind.LocalRuntime.Tests.Conformance.Support;

/// <summary>A test that ends the app's process: not for an app that something else started.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OwnProcessFactAttribute : FactAttribute
{
    /// <summary>Skips where there is no process to end.</summary>
    public OwnProcessFactAttribute() => Skip = ConformanceApp.OutsideUrl is null
        ? null
        : "It ends the app's process, and CLOUDREWIND_CONFORMANCE_URL names an app that something else started.";
}
