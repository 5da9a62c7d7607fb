using CloudRewind.Domain;
using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Health;

/// <summary>Whether requests can be served: storage answers.</summary>
public sealed class HealthReady(IStoreHealth store, ILogger<HealthReady> log)
{
    /// <summary>200, or 503: what a load balancer takes an instance out for.</summary>
    [Function(nameof(HealthReady))]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.HealthReady)] HttpRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            await store.CheckAsync(cancellation);
            return Json.Answer(new HealthAnswer("ready"));
        }
        catch (StoreUnavailableException error)
        {
            log.LogWarning(error, "Not ready: storage does not answer");
            throw Refusal.StorageUnavailable(StatusCodes.Status503ServiceUnavailable);
        }
    }
}
