using Microsoft.Azure.WebJobs.Host.Abstractions;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CloudRewind.FunctionsHost.Telemetry;

/// <summary>
/// The host's own spans, over OTLP: as the Azure Functions host does where host.json says "telemetryMode":
/// "OpenTelemetry" and OTEL_EXPORTER_OTLP_* say where to. What it logs stays on the console; the worker sends its own
/// spans, metrics and log.
/// </summary>
internal static class HostTelemetry
{
    private const string OtlpPrefix = "OTEL_EXPORTER_OTLP_";

    // The sources of the Azure Functions host, as far as they concern what this host has. Those of the Durable
    // extension speak whatever extensions.durableTask.tracing says.
    private static readonly string[] Sources = ["DurableTask.*", "WebJobs.Extensions.DurableTask", FunctionSpans.Source];

    /// <summary>Adds them, where they are asked for.</summary>
    public static void AddHostTelemetry(this IServiceCollection services, HostSettings settings)
    {
        var isAskedFor = "OpenTelemetry".Equals(
            settings.Configuration[$"{HostSettings.HostJsonSection}:telemetryMode"], StringComparison.OrdinalIgnoreCase)
            && settings.Configuration.AsEnumerable().Any(
                setting =>
                    setting.Key.StartsWith(OtlpPrefix, StringComparison.OrdinalIgnoreCase) && !string.IsNullOrWhiteSpace(setting.Value));
        if (!isAskedFor)
            return;
        var ports = settings.Addresses.Select(address => address.Port).ToHashSet();
        services.AddSingleton<IActivitySourceAbstraction, FunctionSpans>();
        services.AddOpenTelemetry()
            .ConfigureResource(
                resource => resource.AddService(typeof(HostTelemetry).Assembly.GetName().Name!).AddEnvironmentVariableDetector())
            .WithTracing(tracing => tracing
                .AddSource(Sources)
                // What the worker asks of its host, over gRPC, is not a request of anybody's.
                .AddAspNetCoreInstrumentation(requests => requests.Filter = context => ports.Contains(context.Connection.LocalPort))
                .AddOtlpExporter());
    }
}
