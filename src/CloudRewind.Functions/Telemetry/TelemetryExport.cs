using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;

namespace CloudRewind.Functions.Telemetry;

/// <summary>Exports spans, metrics and logs over OTLP where the usual variables say where to.</summary>
internal static class TelemetryExport
{
    private const string Prefix = "OTEL_EXPORTER_OTLP_";

    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<CloudRewindTelemetry>();
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
