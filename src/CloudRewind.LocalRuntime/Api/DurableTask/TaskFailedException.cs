namespace Microsoft.DurableTask;

/// <summary>An activity or a sub-orchestration failed, after its retries.</summary>
public sealed class TaskFailedException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="taskName">The function that was called.</param>
    /// <param name="taskId">The call's number in the orchestration.</param>
    /// <param name="failureDetails">Why it failed.</param>
    public TaskFailedException(string taskName, int taskId, TaskFailureDetails failureDetails)
        : base($"Task '{taskName}' (#{taskId}) failed with an unhandled exception: {failureDetails?.ErrorMessage}")
    {
        ArgumentNullException.ThrowIfNull(failureDetails);
        TaskName = taskName;
        TaskId = taskId;
        FailureDetails = failureDetails;
    }

    /// <summary>The function that was called.</summary>
    public string TaskName { get; }

    /// <summary>The call's number in the orchestration; each retry has its own.</summary>
    public int TaskId { get; }

    /// <summary>Why it failed.</summary>
    public TaskFailureDetails FailureDetails { get; }
}
