using System.Globalization;
using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Policies;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using CloudRewind.Functions.Orchestrations;
using CloudRewind.Functions.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Protections;

/// <summary>Asks for a point-in-time copy of a cloud assembly.</summary>
public sealed class CreateAwsProtection(
    Authorizer authorizer,
    ICloudAssemblyStore assemblies,
    IProtectionStore protections,
    IProtectionPolicyStore policies,
    RetentionOptions retention,
    TimeProvider time,
    ILogger<CreateAwsProtection> log)
{
    /// <summary>202 once the protection is on record and something drives it: its orchestration, or else the watchdog.</summary>
    [Function(nameof(CreateAwsProtection))]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.Protections)] HttpRequest request,
        [DurableClient] DurableTaskClient orchestrations,
        CancellationToken cancellationToken)
    {
        var key = await authorizer.AuthorizeAsync(request, Permissions.CreateProtections, new FieldErrors(), cancellationToken);
        var body = await CreateProtectionRequest.ReadAsync(request, cancellationToken);
        var assembly = await assemblies.FindAsync(key, cancellationToken) ?? throw ApiException.NoSuchAssembly(key.CloudAssemblyId);
        var result = assembly.Definition.Status == AssemblyStatus.Enabled
            ? await protections.CreateAsync(await DescribeAsync(assembly, body, Authorizer.ActorOf(request), cancellationToken), cancellationToken)
            : await FindEarlierAsync(assembly, body, cancellationToken);
        switch (result)
        {
            case CreateResult.Accepted accepted:
                if (!accepted.Protection.Status.IsFinal())
                {
                    var (id, by) = (accepted.Protection.Id, Authorizer.ActorOf(request));
                    log.ProtectionAccepted(id, sequence: 0, by.CorrelationId);
                    await orchestrations.StartLifecycleAsync(id, by, cancellationToken).OrLeaveToWatchdogAsync(id, by, log, cancellationToken);
                }

                return ProtectionResponse.Accepted(request, accepted.Protection);
            case CreateResult.AssemblyClosed:
                throw ApiException.AssemblyBeingDeleted();
            case CreateResult.AssemblyBusy busy:
                throw ApiException.Conflict("protection-running", $"Protection {busy.Running} of this cloud assembly is still running; wait for its outcome.");
            default:
                throw ApiException.Conflict("idempotency-key-reused", "This Idempotency-Key was used with another body; use a new key for a new request.");
        }
    }

    // An assembly that takes no new protection still answers the repetition of a request that it took before.
    private async Task<CreateResult.Accepted> FindEarlierAsync(CloudAssembly assembly, CreateProtectionRequest body, CancellationToken cancellationToken)
    {
        if (body.Idempotency is { } key && await protections.FindEarlierAsync(assembly.Key, key, cancellationToken) is CreateResult.Accepted earlier)
            return earlier;
        throw assembly.Definition.Status.IsDeletedOrDeleting()
            ? ApiException.AssemblyBeingDeleted()
            : ApiException.Precondition("assembly-disabled", "The cloud assembly is disabled; enable it to protect it.");
    }

    private async Task<NewProtection> DescribeAsync(CloudAssembly assembly, CreateProtectionRequest body, Actor by, CancellationToken cancellationToken)
    {
        var policy = body.PolicyId == 0 ? null : await policies.FindAsync(new PolicyKey(assembly.Key, body.PolicyId), cancellationToken);
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
