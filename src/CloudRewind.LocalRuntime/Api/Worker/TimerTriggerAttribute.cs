namespace Microsoft.Azure.Functions.Worker;

/// <summary>Binds a parameter to a schedule that starts the function.</summary>
/// <param name="schedule">A six-field NCRONTAB expression in UTC: second, minute, hour, day, month, day of week.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class TimerTriggerAttribute(string schedule) : Attribute
{
    /// <summary>The six-field NCRONTAB expression.</summary>
    public string Schedule { get; } = schedule;
}
