using System.Globalization;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using CloudRewind.Functions.Orchestrations;
using CloudRewind.Functions.Settings;
using CloudRewind.Functions.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Protections;

/// <summary>Asks for a point-in-time copy of a cloud assembly.</summary>
public sealed class CreateAwsProtection(
    RequestGate gate,
    ICloudAssemblyStore assemblies,
    IProtectionStore protections,
    AppSettings settings,
    TimeProvider time,
    ILogger<CreateAwsProtection> log)
{
    /// <summary>202 once the protection is on record and something drives it: its orchestration, or else the watchdog.</summary>
    [Function(nameof(CreateAwsProtection))]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.Protections)] HttpRequest request,
        string accountId,
        string projectId,
        string cloudAssemblyId,
        [DurableClient] DurableTaskClient orchestrations,
        CancellationToken cancellation)
    {
        var key = await gate.EnterAsync(
            request, Permissions.CreateProtections, new AssemblyPath(accountId, projectId, cloudAssemblyId), new FieldErrors(), cancellation);
        var asked = await CreateProtectionRequest.ReadAsync(request, cancellation);
        var assembly = await assemblies.FindAsync(key, cancellation) ?? throw Refusal.NoSuchAssembly(key.CloudAssemblyId);
        if (assembly.Definition.Status.IsDeletedOrDeleting())
            throw Refusal.AssemblyBeyondUse();
        if (assembly.Definition.Status != AssemblyStatus.Enabled)
            throw Refusal.Precondition("assembly-disabled", "The cloud assembly is disabled; enable it to protect it.");

        switch (await protections.CreateAsync(Describe(assembly, asked), cancellation))
        {
            case CreateResult.Accepted accepted:
                if (!accepted.Protection.Status.IsFinal())
                {
                    var (id, correlationId) = (accepted.Protection.Id, CorrelationId.Of(request.HttpContext));
                    log.ProtectionAccepted(id, sequence: 0, correlationId);
                    await orchestrations.StartLifecycleAsync(id, correlationId, cancellation).OrLeaveToWatchdogAsync(id, correlationId, log, cancellation);
                }

                return ProtectionAnswer.Accepted(request, accepted.Protection);
            case CreateResult.AssemblyClosed:
                throw Refusal.AssemblyBeyondUse();
            case CreateResult.AssemblyBusy busy:
                throw Refusal.Conflict("protection-running", $"Protection {busy.Running} of this cloud assembly is still running; wait for its outcome.");
            default:
                throw Refusal.Conflict("idempotency-key-reused", "This Idempotency-Key was used with another body; take a new key for a new request.");
        }
    }

    private NewProtection Describe(CloudAssembly assembly, CreateProtectionRequest asked)
    {
        var now = time.GetUtcNow();
        return new NewProtection(
            assembly.Key,
            asked.PolicyId,
            asked.Name ?? string.Create(CultureInfo.InvariantCulture, $"{assembly.Definition.Name} {now:yyyy-MM-dd HH:mm:ss}Z"),
            asked.Retention ?? assembly.Definition.Retention ?? settings.Retention,
            now,
            asked.Idempotency);
    }
}
