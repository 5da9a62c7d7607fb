using System.Reflection;
using CloudRewind.Domain.Capture;
using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.Functions.Health;

/// <summary>Whether the process answers, which version it is, and what captures. Nothing else is checked.</summary>
public sealed class HealthLive(ICaptureProvider provider)
{
    // The build adds the commit after a plus sign.
    private static readonly string Version =
        typeof(HealthLive).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>200.</summary>
    [Function(nameof(HealthLive))]
    [AllowAnonymous]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Routes.HealthLive)] HttpRequest request) =>
        Json.Answer(new HealthResponse("live", Version, provider.Name));
}
