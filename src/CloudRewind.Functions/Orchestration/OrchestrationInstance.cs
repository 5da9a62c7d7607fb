using CloudRewind.Protections;
using CloudRewind.Storage.Tables;
using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace CloudRewind.Functions.Orchestration;

/// <summary>The orchestration of a protection, seen from outside.</summary>
public static class OrchestrationInstance
{
    private const int LongestId = 100;

    /// <summary>
    /// The instance id: the protection's own, so that starting it twice is one run; encoded where that holds what Durable Functions refuses
    /// (<c>/ \ # ?</c>, control characters, a leading <c>@</c>, more than 100 characters).
    /// </summary>
    public static string IdOf(ProtectionId id)
    {
        ArgumentNullException.ThrowIfNull(id);
        var text = id.ToString(); // begins with t
        return text.Length <= LongestId && text.All(IsAllowed) ? text : $"h:{KeyText.Digest(text)}";
    }

    /// <summary>Starts the orchestration, unless it runs. One that has ended starts anew, and finds in the protection's row what is left to do.</summary>
    public static async Task StartLifecycleAsync(this DurableTaskClient orchestrations, ProtectionId id, string correlationId, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(orchestrations);
        try
        {
            await orchestrations.ScheduleNewOrchestrationInstanceAsync(
                nameof(ProtectionLifecycle),
                new LifecycleRun(id.ToString(), correlationId),
                new StartOrchestrationOptions(InstanceId: IdOf(id)),
                cancellation);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // It runs: that is what was wanted.
        }
    }

    private static bool IsAllowed(char character) => !char.IsControl(character) && character is not ('/' or '\\' or '#' or '?');
}
