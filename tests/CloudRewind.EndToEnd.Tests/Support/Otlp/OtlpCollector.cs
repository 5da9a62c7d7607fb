using System.Collections.Concurrent;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CloudRewind.EndToEnd.Tests.Support.Otlp;

/// <summary>Takes what an app sends over OTLP, and keeps it.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly ConcurrentQueue<ReceivedSpan> spans = [];
    private readonly ConcurrentQueue<LogRecord> logs = [];
    private readonly ConcurrentQueue<Metric> metrics = [];
    private readonly WebApplication web;

    private OtlpCollector(WebApplication web) => this.web = web;

    /// <summary>All spans that have come.</summary>
    public IReadOnlyCollection<ReceivedSpan> Spans => spans;

    /// <summary>All log records that have come.</summary>
    public IReadOnlyCollection<LogRecord> Logs => logs;

    /// <summary>All metrics that have come, each time that they were sent.</summary>
    public IReadOnlyCollection<Metric> Metrics => metrics;

    /// <summary>What makes an app send to it, soon.</summary>
    public (string Name, string Value)[] Settings =>
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", new Uri(web.Urls.Single()).OriginalString),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "500"),
        ("OTEL_BSP_SCHEDULE_DELAY", "500"),
        ("OTEL_BLRP_SCHEDULE_DELAY", "500"),
    ];

    public static async Task<OtlpCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var collector = new OtlpCollector(builder.Build());
        collector.web.MapPost("/v1/traces", request => collector.TakeAsync(request, TracesMessage.Parser, collector.Keep));
        collector.web.MapPost("/v1/logs", request => collector.TakeAsync(request, LogsMessage.Parser, collector.Keep));
        collector.web.MapPost("/v1/metrics", request => collector.TakeAsync(request, MetricsMessage.Parser, collector.Keep));
        await collector.web.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => web.DisposeAsync();

    private async Task TakeAsync<T>(HttpContext context, MessageParser<T> parser, Action<T> keep)
        where T : IMessage<T>
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        keep(parser.ParseFrom(body.ToArray()));
    }

    private void Keep(TracesMessage message)
    {
        foreach (var resource in message.ResourceSpans)
        {
            var service = resource.Resource.Attributes.Text("service.name") ?? "unknown";
            foreach (var scope in resource.ScopeSpans)
            {
                foreach (var span in scope.Spans)
                    spans.Enqueue(new ReceivedSpan(service, scope.Scope.Name, span));
            }
        }
    }

    private void Keep(LogsMessage message)
    {
        foreach (var record in message.ResourceLogs.SelectMany(resource => resource.ScopeLogs).SelectMany(scope => scope.LogRecords))
            logs.Enqueue(record);
    }

    private void Keep(MetricsMessage message)
    {
        foreach (var metric in message.ResourceMetrics.SelectMany(resource => resource.ScopeMetrics).SelectMany(scope => scope.Metrics))
            metrics.Enqueue(metric);
    }
}
