using CloudRewind.Functions.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace CloudRewind.Functions.Http;

internal static class HttpServices
{
    /// <summary>What every response has in common.</summary>
    public static IServiceCollection AddHttp(this IServiceCollection services) => SanitizingLoggerFactory.AddTo(services)
        .AddCors()
        .AddSettings("Cors", CrossOriginOptions.Read);
}
