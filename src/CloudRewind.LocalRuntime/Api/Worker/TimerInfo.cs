namespace Microsoft.Azure.Functions.Worker;

/// <summary>What a timer-triggered function is told about its start.</summary>
public class TimerInfo
{
    /// <summary>True when the start comes later than the schedule asked for, as after a time when nothing ran.</summary>
    public bool IsPastDue { get; set; }
}
