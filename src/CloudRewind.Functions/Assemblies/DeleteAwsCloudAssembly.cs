using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Driving;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using CloudRewind.Functions.Orchestrations;
using CloudRewind.Functions.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Assemblies;

/// <summary>Asks for a cloud assembly to be deleted: it takes no new protection from then on, and every one that it has is pruned first.</summary>
public sealed class DeleteAwsCloudAssembly(
    ICloudAssemblyStore assemblies,
    IProtectionStore protections,
    AssemblyHistory history,
    IWorkList work,
    TimeProvider time,
    ILogger<DeleteAwsCloudAssembly> log)
{
    /// <summary>202, also when repeated; 200 where it is deleted already; 409 where a protection of it is locked.</summary>
    [Function(nameof(DeleteAwsCloudAssembly))]
    [Requires(Permissions.WriteAssemblies)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Routes.Assembly)] HttpRequest request,
        [DurableClient] DurableTaskClient orchestrations,
        CancellationToken cancellationToken)
    {
        var (key, by) = Authorizer.EnterAssembly(request, new FieldErrors());
        var assembly = await assemblies.FindAsync(key, cancellationToken) ?? throw ApiErrors.AssemblyNotFound.Exception(key.CloudAssemblyId);
        var response = request.HttpContext.Response;
        if (assembly.Definition.Status == AssemblyStatus.Deleted)
            return AssemblyResponse.Of(assembly, await history.ReadAsync(key, cancellationToken), response, StatusCodes.Status200OK);

        // Listed first: the deletion is carried out, whatever happens next.
        var deletion = WorkKey.Deletion(key);
        var claim = await work.EnsureAsync(deletion, time.GetUtcNow(), cancellationToken);
        if (await protections.CloseAsync(key, cancellationToken) is { } locked)
        {
            await work.CompleteAsync(deletion, claim, cancellationToken); // unless another request, which may have been let through, is at work
            throw ApiErrors.ProtectionLocked.Exception(locked);
        }

        var advanced = await assemblies.AdvanceDeletionAsync(key, AssemblyStatus.DeleteRequested, time.GetUtcNow(), by, cancellationToken);
        assembly = advanced!.Value.Assembly;
        if (advanced.Value.Change is { } change)
            log.AssemblyChanged(key, change);
        var generation = await work.FindGenerationAsync(deletion, cancellationToken) ?? 0;
        await orchestrations.StartDeletionAsync(key, generation, by, cancellationToken).OrLeaveToWatchdogAsync(key, by, log, cancellationToken);
        var isDeleted = assembly.Definition.Status == AssemblyStatus.Deleted; // by now
        return AssemblyResponse.Of(assembly, await history.ReadAsync(key, cancellationToken), response, isDeleted ? StatusCodes.Status200OK : StatusCodes.Status202Accepted);
    }
}
