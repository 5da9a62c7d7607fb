using Microsoft.DurableTask;

namespace CloudRewind.Conformance.Orchestrations;

/// <summary>A failed call, as the orchestrator that made it sees it.</summary>
public sealed record FailureSeen(
    string Message, string TaskName, int TaskId, string ErrorType, string ErrorMessage, bool IsInvalidOperation, bool IsArgument)
{
    internal static FailureSeen Of(TaskFailedException e) => new(
        e.Message,
        e.TaskName,
        e.TaskId,
        e.FailureDetails.ErrorType,
        e.FailureDetails.ErrorMessage,
        e.FailureDetails.IsCausedBy<InvalidOperationException>(),
        e.FailureDetails.IsCausedBy<ArgumentException>());

    /// <summary>Makes a call, and returns how it failed, or null.</summary>
    internal static async Task<FailureSeen?> OfAsync(Func<Task> call)
    {
        try
        {
            // On the orchestrator's own thread, like everything that an orchestrator awaits.
            await call();
            return null;
        }
        catch (TaskFailedException e)
        {
            return Of(e);
        }
    }
}
