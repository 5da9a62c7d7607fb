using CloudRewind.LocalRuntime.Durable.Storage;

namespace CloudRewind.LocalRuntime.Durable.Dispatch;

/// <summary>An instance to be started.</summary>
internal sealed record NewInstance(string Name, string InstanceId, string? Input, ParentCall? Parent)
{
    /// <summary>The same for every attempt, so that one whose answer was lost is known again.</summary>
    public string StartId { get; } = InstanceRow.NewId();
}
