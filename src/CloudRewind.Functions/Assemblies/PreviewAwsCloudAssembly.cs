using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Assemblies;

/// <summary>Shows what a protection would capture now. Nothing is created.</summary>
public sealed class PreviewAwsCloudAssembly(
    ICloudAssemblyStore assemblies, ICaptureProvider provider, TimeProvider time, ILogger<PreviewAwsCloudAssembly> log)
{
    // Azure ends a request after 230 seconds, and a person after fewer.
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(90);

    /// <summary>200, also for a disabled assembly; 412 where it cannot be protected as it is, 503 where the provider does not answer.</summary>
    [Function(nameof(PreviewAwsCloudAssembly))]
    [Requires(Permissions.ReadAssemblies)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Routes.Preview)] HttpRequest request, CancellationToken cancellationToken)
    {
        var (key, _) = Authorizer.EnterAssembly(request, new FieldErrors());
        var assembly = await assemblies.FindAsync(key, cancellationToken) ?? throw ApiErrors.AssemblyNotFound.Exception(key.CloudAssemblyId);
        if (assembly.Definition.Status.IsDeletedOrDeleting())
            throw ApiErrors.AssemblyBeingDeleted.Exception();

        // Of a protection that there is not: only the session at the provider is named after it.
        var target = new CaptureTarget(new ProtectionId(key, 0, time.GetUtcNow().ToUnixTimeMilliseconds()), SnapshotLocation.Of(assembly.Definition, provider));
        using var limit = new CancellationTokenSource(TimeLimit, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, request.HttpContext.RequestAborted, limit.Token);
        try
        {
            await provider.CheckAsync(target, stop.Token);
            var found = await provider.DiscoverAsync(target, assembly.Definition.Filter, stop.Token);
            var missing = await provider.FindMissingPermissionsAsync(target, found.Resources, stop.Token);
            request.HttpContext.Response.Headers.CacheControl = "no-store";
            return Json.Answer(Preview.Of(provider.Name, found, missing));
        }
        catch (CaptureRefusedException error)
        {
            throw ApiErrors.CannotBeProtected.Exception(error.Message);
        }
        catch (RetryLaterException error)
        {
            throw ApiErrors.ProviderUnavailable.Exception(error.Message, error.After);
        }
        catch (Exception error) when (!error.EndsRound(cancellationToken) && !request.HttpContext.RequestAborted.IsCancellationRequested)
        {
            log.LogError(error, "The preview of {Assembly} failed", key);
            var reason = limit.IsCancellationRequested ? $"it did not answer within {TimeLimit.TotalSeconds} seconds." : error.Message;
            throw ApiErrors.ProviderUnavailable.Exception(reason);
        }
    }

    private sealed record Preview(
        string Provider, int TotalResources, int TotalGroups, long TotalSizeGiB, IReadOnlyList<Resource> Resources, IReadOnlyList<NotCovered> LeftOut, IReadOnlyList<Missing> MissingPermissions)
    {
        public static Preview Of(string provider, Discovery found, IReadOnlyList<MissingPermission> missing)
        {
            var captured = found.Resources.Where(resource => resource.Failure is null).ToList();
            return new Preview(
                provider,
                captured.Count,
                captured.Select(resource => resource.GroupId).Distinct(StringComparer.Ordinal).Count(),
                captured.Sum(resource => (long)resource.SizeGiB),
                [.. found.Resources.Select(resource => new Resource(resource.ResourceId, resource.Type, resource.GroupId, resource.SizeGiB, resource.Failure))],
                [.. found.LeftOut.Select(left => new NotCovered(left.ResourceId, left.Type, left.Reason))],
                [.. missing.Select(permission => new Missing(permission.Permission, permission.Reason))]);
        }
    }

    private sealed record Resource(string Id, string Type, string GroupId, int SizeGiB, string? Failure);

    private sealed record NotCovered(string Id, string Type, string Reason);

    private sealed record Missing(string Permission, string Reason);
}
