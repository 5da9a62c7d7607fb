using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.Functions.Health;

/// <summary>Whether the process answers at all; nothing else is asked.</summary>
public sealed class HealthLive
{
    /// <summary>200.</summary>
    [Function(nameof(HealthLive))]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Routes.HealthLive)] HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Json.Answer(new HealthAnswer("live"));
    }
}
