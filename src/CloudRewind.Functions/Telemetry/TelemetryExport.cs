using Azure.Core;
using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using CloudRewind.Aws;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace CloudRewind.Functions.Telemetry;

/// <summary>
/// Sends spans, metrics and logs to Application Insights, over OTLP, or to both, wherever the usual variables say where to. The Functions host does the same with
/// its own where host.json says "telemetryMode": "OpenTelemetry"; it hands each function its span's id, so that both are one trace.
/// </summary>
internal static class TelemetryExport
{
    private const string OtlpPrefix = "OTEL_EXPORTER_OTLP_";
    private const string ConnectionString = "APPLICATIONINSIGHTS_CONNECTION_STRING";
    private const string AuthenticationString = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    // The Durable client: it hands the trace on to the orchestrations that it starts.
    private const string DurableSource = "Microsoft.DurableTask";

    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<CloudRewindTelemetry>();
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning)); // it has several lines for each request

        var toOtlp = configuration.AsEnumerable().Any(setting => setting.Key.StartsWith(OtlpPrefix, StringComparison.OrdinalIgnoreCase) && !string.IsNullOrWhiteSpace(setting.Value));
        var toApplicationInsights = !string.IsNullOrWhiteSpace(configuration[ConnectionString]);
        if (!toOtlp && !toApplicationInsights)
            return services;

        var telemetry = services.AddOpenTelemetry()
            .UseFunctionsWorkerDefaults()
            .WithTracing(tracing => tracing
                .AddSource(DurableSource)
                // Each request to storage; what is asked of the host over gRPC has spans of its own. Query strings, in which signatures are, are left out by default.
                .AddHttpClientInstrumentation(http => http.FilterHttpRequestMessage = request => request.Content?.Headers.ContentType?.MediaType is not "application/grpc"))
            .WithMetrics(metrics => metrics.AddMeter(CloudRewindTelemetry.Name, AwsServices.MeterName))
            .WithLogging(null, logging =>
            {
                logging.IncludeFormattedMessage = true;
                logging.IncludeScopes = true; // the correlation id of a request
            });
        services.Configure<LoggerFactoryOptions>(logging => logging.ActivityTrackingOptions = ActivityTrackingOptions.None); // each record has its trace and span already
        if (toOtlp)
            telemetry.UseOtlpExporter();
        if (toApplicationInsights)
        {
            telemetry.UseAzureMonitorExporter(); // without options: OTEL_TRACES_SAMPLER then counts here as it does in the host
            services.Configure<AzureMonitorExporterOptions>(exporter =>
            {
                exporter.Credential = CredentialOf(configuration[AuthenticationString]);
                exporter.EnableTraceBasedLogsSampler = false; // alerts read the log: it is complete, whichever traces are left out
                exporter.EnablePerformanceCounters = false; // eight more items a minute, which the platform has
            });
        }

        return services;
    }

    /// <summary>The identity that signs in to Application Insights, from what the Functions host reads as well; null where the connection string is enough.</summary>
    /// <param name="authentication">Such as <c>ClientId=...;Authorization=AAD</c>; without a client id it is the system-assigned identity.</param>
    internal static TokenCredential? CredentialOf(string? authentication)
    {
        var parts = (authentication ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(part => part.Split('=', 2, StringSplitOptions.TrimEntries))
            .Where(part => part.Length == 2)
            .ToDictionary(part => part[0], part => part[1], StringComparer.OrdinalIgnoreCase);
        if (!"AAD".Equals(parts.GetValueOrDefault("Authorization"), StringComparison.OrdinalIgnoreCase))
            return null;
        return new ManagedIdentityCredential(
            parts.GetValueOrDefault("ClientId") is { Length: > 0 } id ? ManagedIdentityId.FromUserAssignedClientId(id) : ManagedIdentityId.SystemAssigned);
    }
}
