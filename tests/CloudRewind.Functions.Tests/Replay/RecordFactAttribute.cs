namespace CloudRewind.Functions.Tests.Replay;

/// <summary>A recording: skipped, unless it is asked for.</summary>
internal sealed class RecordFactAttribute : FactAttribute
{
    /// <summary>The variable that asks for it; its value, such as <c>v1</c>, begins the names of the files.</summary>
    public const string Variable = "CLOUDREWIND_RECORD_REQUESTS";

    public RecordFactAttribute()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null or "")
            Skip = $"records what the replay tests replay; set {Variable} to a version, such as v1";
    }
}
