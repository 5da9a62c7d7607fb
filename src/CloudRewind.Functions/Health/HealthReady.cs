using CloudRewind.Domain;
using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Health;

/// <summary>Whether the app can serve requests: storage responds.</summary>
public sealed class HealthReady(IStoreHealth store, ILogger<HealthReady> log)
{
    /// <summary>200, or 503, for which a load balancer takes an instance out of rotation.</summary>
    [Function(nameof(HealthReady))]
    [AllowAnonymous]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Routes.HealthReady)] HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await store.CheckAsync(cancellationToken);
            return Json.Answer(new HealthResponse("ready"));
        }
        catch (StoreUnavailableException error)
        {
            log.LogWarning(error, "Not ready: storage is not responding");
            throw ApiErrors.StorageUnavailable.Exception(statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
