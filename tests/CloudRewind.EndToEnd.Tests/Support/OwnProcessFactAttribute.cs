namespace CloudRewind.EndToEnd.Tests.Support;

/// <summary>A test that starts, ends or configures the app, or takes its storage away: not for an app that something else started.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OwnProcessFactAttribute : FactAttribute
{
    internal const string Reason = "It needs a process, settings or a storage of its own, and CLOUDREWIND_BASE_URL names an app that something else started.";

    public OwnProcessFactAttribute() => Skip = OutsideApp.IsGiven ? Reason : null;
}

/// <inheritdoc cref="OwnProcessFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OwnProcessTheoryAttribute : TheoryAttribute
{
    public OwnProcessTheoryAttribute() => Skip = OutsideApp.IsGiven ? OwnProcessFactAttribute.Reason : null;
}
