using System.Collections.Concurrent;
using System.Text;
using CloudRewind.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CloudRewind.EndToEnd.Tests.Telemetry;

/// <summary>With the usual variables set, a collector gets spans, metrics and logs over OTLP.</summary>
public sealed class OtlpTests
{
    [OwnProcessFact]
    public async Task A_run_is_told_in_spans_metrics_and_logs()
    {
        await using var collector = await Collector.StartAsync();
        await using var app = await App.StartAsync(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address.OriginalString),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "500"),
            ("OTEL_BSP_SCHEDULE_DELAY", "500"),
            ("OTEL_BLRP_SCHEDULE_DELAY", "500"));
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(["sim-ok-a"]);
        await client.WatchAsync(id, "success");

        foreach (var (path, text) in new[]
        {
            ("/v1/traces", "CreateAwsProtection"),
            ("/v1/traces", "RecordTransition"),
            ("/v1/traces", id),
            ("/v1/metrics", "cloudrewind.protection.transitions"),
            ("/v1/metrics", "preparation-completed"),
            ("/v1/metrics", "cloudrewind.protection.lookups"),
            ("/v1/metrics", "cloudrewind.protection.run.duration"),
            ("/v1/logs", id),
        })
        {
            await Eventually.GetAsync(() => Task.FromResult(collector.Has(path, text)), has => has, $"'{text}' at {path}");
        }
    }

    /// <summary>Keeps what it is sent. The texts in OTLP's binary form are plain UTF-8.</summary>
    private sealed class Collector : IAsyncDisposable
    {
        private readonly ConcurrentQueue<(string Path, string Body)> received = [];
        private readonly WebApplication web;

        private Collector(WebApplication web) => this.web = web;

        public Uri Address => new(web.Urls.Single());

        public static async Task<Collector> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var collector = new Collector(builder.Build());
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
}
