using System.Globalization;
using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Policies;
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
    ICloudAssemblyStore assemblies,
    IProtectionStore protections,
    IProtectionPolicyStore policies,
    RetentionOptions retention,
    TimeProvider time,
    ILogger<CreateAwsProtection> log)
{
    /// <summary>202 once the protection is on record and something drives it: its orchestration, or else the watchdog.</summary>
    [Function(nameof(CreateAwsProtection))]
    [Requires(Permissions.CreateProtections)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.Protections)] HttpRequest request,
        [DurableClient] DurableTaskClient orchestrations,
        CancellationToken cancellationToken)
    {
        var (key, by) = Authorizer.EnterAssembly(request, new FieldErrors());
        var body = await CreateProtectionRequest.ReadAsync(request, cancellationToken);
        var assembly = await assemblies.FindAsync(key, cancellationToken) ?? throw ApiErrors.AssemblyNotFound.Exception(key.CloudAssemblyId);
        var policy = body.PolicyId == 0 ? null : await policies.FindAsync(new PolicyKey(key, body.PolicyId), cancellationToken);
        var result = Refuse(assembly, policy, body) is { } refusal
            ? await FindEarlierAsync(key, body, cancellationToken) ?? throw refusal
            : await protections.CreateAsync(Describe(assembly, policy, body, by), cancellationToken);
        switch (result)
        {
            case CreateResult.Accepted accepted:
                if (!accepted.Protection.Status.IsFinal())
                {
                    var protection = accepted.Protection;
                    log.ProtectionAccepted(protection.Id, assembly.Definition.Name, sequence: 0, by.CorrelationId);
                    await orchestrations.StartLifecycleAsync(protection, by, cancellationToken).OrLeaveToWatchdogAsync(protection.Id, by, log, cancellationToken);
                }

                return ProtectionResponse.Accepted(request, accepted.Protection);
            case CreateResult.AssemblyClosed:
                throw ApiErrors.AssemblyBeingDeleted.Exception();
            case CreateResult.AssemblyBusy busy:
                throw ApiErrors.ProtectionRunning.Exception(busy.Running);
            default:
                throw ApiErrors.IdempotencyKeyReused.Exception();
        }
    }

    // Null where a protection may be created. An unknown policy comes first: 404 before 409.
    private static ApiException? Refuse(CloudAssembly assembly, ProtectionPolicy? policy, CreateProtectionRequest body) =>
        body.PolicyId > 0 && policy is null ? ApiErrors.PolicyNotFound.Exception(body.PolicyId)
        : assembly.Definition.Status.IsDeletedOrDeleting() ? ApiErrors.AssemblyBeingDeleted.Exception()
        : assembly.Definition.Status != AssemblyStatus.Enabled ? ApiErrors.AssemblyDisabled.Exception()
        : null;

    // A request that is refused now is still answered where it repeats one that was accepted before.
    private async Task<CreateResult?> FindEarlierAsync(AssemblyKey assembly, CreateProtectionRequest body, CancellationToken cancellationToken) =>
        body.Idempotency is { } key && await protections.FindEarlierAsync(assembly, key, cancellationToken) is CreateResult.Accepted earlier ? earlier : null;

    private NewProtection Describe(CloudAssembly assembly, ProtectionPolicy? policy, CreateProtectionRequest body, Actor by)
    {
        var now = time.GetUtcNow();
        return new NewProtection(
            assembly.Key,
            body.PolicyId,
            body.Name ?? string.Create(CultureInfo.InvariantCulture, $"{assembly.Definition.Name} {now:yyyy-MM-dd HH:mm:ss}Z"),
            body.Retention ?? assembly.Definition.Retention ?? retention.Default,
            now,
            body.Idempotency)
        {
            By = by,
            PolicyName = policy?.Definition.Name,
            RetentionIsAsked = body.Retention is not null,
        };
    }
}
