using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;

namespace CloudRewind.Functions.Telemetry;

/// <summary>Leaves out of the log what says nothing, and exports spans, metrics and logs over OTLP where the usual variables say where to.</summary>
internal static class TelemetryExport
{
    private const string Prefix = "OTEL_EXPORTER_OTLP_";

    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<CloudRewindTelemetry>();
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning)); // it has several lines for each request
        if (configuration.AsEnumerable().Any(setting => setting.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && !string.IsNullOrWhiteSpace(setting.Value)))
        {
            services.AddOpenTelemetry()
                .WithTracing(tracing => tracing.AddSource(CloudRewindTelemetry.Name))
                .WithMetrics(metrics => metrics.AddMeter(CloudRewindTelemetry.Name))
                .UseOtlpExporter();
        }

        return services;
    }
}
