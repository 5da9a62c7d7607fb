using CloudRewind.Domain;
using CloudRewind.Domain.Driving;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Http;
using CloudRewind.Functions.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Protections;

/// <summary>What a caller asks of a protection is put on record first, and only then is its orchestration told.</summary>
public sealed class ProtectionActs(
    ProtectionAccess access, IProtectionStore protections, IWorkList work, TimeProvider time, ILogger<ProtectionActs> log)
{
    /// <summary>Asks something of the protection that a request names.</summary>
    /// <param name="request">The request.</param>
    /// <param name="act">One of the acts of <see cref="Protection"/>, given the time and the caller.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ApiException">403, 412, 404, 409: the request is not let through.</exception>
    public async Task<(ProtectionAct Act, Actor By)> AskAsync(
        HttpRequest request, Func<Protection, ProtectionSummary, DateTimeOffset, Actor, ProtectionAct> act, CancellationToken cancellationToken)
    {
        var (known, by) = await access.FindUndeletedAsync(request, cancellationToken);
        var id = known.Id;

        // Listed first: the decision is carried out, whatever happens next.
        await work.EnsureAsync(WorkKey.Lifecycle(id), time.GetUtcNow(), cancellationToken);
        var asked = await protections.ActAsync(id, (current, summary) => act(current, summary, time.GetUtcNow(), by), cancellationToken)
            ?? throw ApiErrors.ProtectionNotFound.Exception(id.ToString());
        if (asked.Event is { } happened)
            log.LogInformation("Protection {ProtectionId}: {Happened} (correlation {CorrelationId})", id, happened.Kind.ToWireName(), by.CorrelationId);
        return (asked, by);
    }

    /// <summary>Tells its orchestration. Should that not hear of it, the watchdog does.</summary>
    public Task TellAsync(Protection protection, Actor by, DurableTaskClient orchestrations, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(protection);
        return orchestrations.WakeOrStartAsync(protection, by, cancellationToken).OrLeaveToWatchdogAsync(protection.Id, by, log, cancellationToken);
    }
}
