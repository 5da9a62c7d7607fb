using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CloudRewind.EndToEnd.Tests.Support;

/// <summary>Keeps what it is sent. The texts in OTLP's binary form are plain UTF-8.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Path, string Body)> received = [];
    private readonly WebApplication web;

    private OtlpCollector(WebApplication web) => this.web = web;

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
        collector.web.MapPost("/{**path}", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            collector.received.Enqueue((request.Path, Encoding.Latin1.GetString(body.ToArray())));
        });
        await collector.web.StartAsync();
        return collector;
    }

    public bool Has(string path, string text) => received.Any(message => message.Path == path && message.Body.Contains(text, StringComparison.Ordinal));

    public ValueTask DisposeAsync() => web.DisposeAsync();
}
