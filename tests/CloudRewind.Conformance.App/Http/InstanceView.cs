using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace CloudRewind.Conformance.Http;

/// <summary>What the durable client says of an instance.</summary>
public sealed record InstanceView(
    string Name,
    string InstanceId,
    string Status,
    DateTimeOffset CreatedAt,
    DateTimeOffset LastUpdatedAt,
    string? Input,
    string? Output,
    string? CustomStatus,
    FailureView? Failure)
{
    /// <summary>The view of an instance.</summary>
    public static InstanceView Of(OrchestrationMetadata instance) => new(
        instance.Name,
        instance.InstanceId,
        instance.RuntimeStatus.ToString(),
        instance.CreatedAt,
        instance.LastUpdatedAt,
        instance.SerializedInput,
        instance.SerializedOutput,
        instance.SerializedCustomStatus,
        FailureView.Of(instance.FailureDetails));
}

/// <summary>Why something failed.</summary>
public sealed record FailureView(string ErrorType, string ErrorMessage, bool IsCausedByArgumentException)
{
    /// <summary>The view of a failure.</summary>
    public static FailureView? Of(TaskFailureDetails? failure) =>
        failure is null ? null : new(failure.ErrorType, failure.ErrorMessage, failure.IsCausedBy<ArgumentException>());
}
