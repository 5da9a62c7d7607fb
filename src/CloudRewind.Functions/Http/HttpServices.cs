using System.Text;
using CloudRewind.Functions.Settings;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace CloudRewind.Functions.Http;

internal static class HttpServices
{
    /// <summary>What every response has in common.</summary>
    public static IServiceCollection AddHttp(this IServiceCollection services) => services
        .AddCors()
        // Bytes that are not UTF-8 become U+FFFD, for the app to refuse. The server alone would refuse the request without a body.
        .Configure<KestrelServerOptions>(server => server.RequestHeaderEncodingSelector = _ => Encoding.UTF8)
        .AddSettings("Cors", CrossOriginOptions.Read);
}
