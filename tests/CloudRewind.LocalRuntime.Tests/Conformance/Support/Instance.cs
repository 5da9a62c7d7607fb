namespace CloudRewind.LocalRuntime.Tests.Conformance.Support;

/// <summary>What the app says of an instance.</summary>
internal sealed record Instance(
    string Name,
    string InstanceId,
    string Status,
    DateTimeOffset CreatedAt,
    DateTimeOffset LastUpdatedAt,
    string? Input,
    string? Output,
    string? CustomStatus,
    Failure? Failure);

/// <summary>Why an instance failed.</summary>
internal sealed record Failure(string ErrorType, string ErrorMessage, bool IsCausedByArgumentException);

/// <summary>A failed call, as the orchestrator that made it saw it.</summary>
internal sealed record FailureSeen(
    string Message, string TaskName, int TaskId, string ErrorType, string ErrorMessage, bool IsInvalidOperation, bool IsArgument);
