using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Tests.Telemetry;

/// <summary>What Application Insights is sent, as an ingestion endpoint sees it: the alerts are queries over this.</summary>
public sealed class ApplicationInsightsTests : IAsyncLifetime
{
    private static readonly ProtectionId Id = ProtectionId.Parse("t1:demo:7:0:1795492261190");

    private static readonly ProtectionTransition Gathering =
        new(Id, 1, ProtectionStatus.Created, ProtectionStatus.Preparing, DateTimeOffset.UnixEpoch, "The resources are being gathered.", new ResourceCounts(0, 0, 0));

    private readonly Queue<JsonNode> received = [];
    private WebApplication ingestion = null!;

    public async Task InitializeAsync()
    {
        Environment.SetEnvironmentVariable("APPLICATIONINSIGHTS_STATSBEAT_DISABLED", "true"); // the exporter's own statistics, which go elsewhere
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        ingestion = builder.Build();
        ingestion.MapPost("/v2.1/track", TakeAsync);
        await ingestion.StartAsync();
    }

    public async Task DisposeAsync() => await ingestion.DisposeAsync();

    [Fact]
    public async Task An_event_has_its_name_and_its_fields_as_properties()
    {
        using var app = await StartAsync();
        app.Services.GetRequiredService<ILogger<ApplicationInsightsTests>>().TransitionRecorded(Gathering, "c");
        await app.StopAsync();
        app.Dispose();

        var message = await EventAsync("TransitionRecorded");

        Assert.Equal("Information", message["severityLevel"]!.GetValue<string>());
        Assert.Equal($"Protection {Id}: created -> preparing (sequence 1, correlation c): The resources are being gathered.", message["message"]!.GetValue<string>());
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["EventName"] = "TransitionRecorded",
                ["EventId"] = "2",
                ["CategoryName"] = typeof(ApplicationInsightsTests).FullName!,
                ["ProtectionId"] = Id.ToString(),
                ["From"] = "created",
                ["To"] = "preparing",
                ["Sequence"] = "1",
                ["CorrelationId"] = "c",
                ["Reason"] = "The resources are being gathered.",
            },
            message["properties"]!.AsObject().ToDictionary(property => property.Key, property => property.Value!.GetValue<string>()));
    }

    /// <summary>host.json keeps it off the host's console, and an alert rings where it is missing.</summary>
    [Fact]
    public async Task A_heartbeat_is_sent_although_no_console_shows_it()
    {
        using var app = await StartAsync();
        app.Services.GetRequiredService<ILogger<Heartbeat>>().ScheduleCompleted(looked: 0, started: 0, missed: 0, overdue: 0);
        await app.StopAsync();
        app.Dispose();

        await EventAsync("ScheduleCompleted");
    }

    /// <summary>Traces may be left out, and what alerts read may not.</summary>
    [Fact]
    public async Task An_event_is_sent_though_its_trace_is_left_out()
    {
        using var app = await StartAsync(("OTEL_TRACES_SAMPLER", "microsoft.fixed_percentage"), ("OTEL_TRACES_SAMPLER_ARG", "0"));
        using var source = new ActivitySource("Microsoft.Azure.Functions.Worker");
        using (var span = source.StartActivity("function CaptureResources"))
        {
            Assert.False(span?.Recorded);
            app.Services.GetRequiredService<ILogger<ApplicationInsightsTests>>().LookupWaits(Id, TimeSpan.FromSeconds(30));
        }

        await app.StopAsync();
        app.Dispose();

        await EventAsync("LookupWaits");
        Assert.DoesNotContain(received, item => item["data"]!["baseType"]!.GetValue<string>() is "RemoteDependencyData" or "RequestData");
    }

    /// <summary>An idle app would send more of them than of anything else.</summary>
    [Fact]
    public async Task Rows_that_a_timer_looks_for_are_read_without_spans_and_what_is_done_with_them_has_some()
    {
        using var app = await StartAsync(("OTEL_TRACES_SAMPLER", "microsoft.fixed_percentage"), ("OTEL_TRACES_SAMPLER_ARG", "1"));
        using var source = new ActivitySource("Microsoft.Azure.Functions.Worker");
        List<bool> reading = [], looking = [];

        await foreach (var recorded in ReadAsync().WithoutSpans(CancellationToken.None))
        {
            reading.Add(recorded);
            using var span = source.StartActivity("look");
            looking.Add(span is { Recorded: true });
        }

        Assert.Equal([false, false], reading);
        Assert.Equal([true, true], looking);

        async IAsyncEnumerable<bool> ReadAsync()
        {
            for (var row = 0; row < 2; row++)
            {
                await Task.Yield();
                using var span = source.StartActivity("read");
                yield return span is { Recorded: true };
            }
        }
    }

    [Fact]
    public async Task The_apps_own_metrics_are_sent()
    {
        var found = Guid.NewGuid().ToString("N"); // other tests count at the same time, and an exporter hears every meter of the name
        using var app = await StartAsync();
        app.Services.GetRequiredService<CloudRewindTelemetry>().CountRestart(found);
        await app.StopAsync();
        app.Dispose();

        var metric = await ReceivedAsync(
            "MetricData", item => item["metrics"]![0]!["name"]!.GetValue<string>() == "cloudrewind.watchdog.restarts" && item["properties"]!["found"]!.GetValue<string>() == found);

        Assert.Equal(1, metric["metrics"]![0]!["value"]!.GetValue<double>());
    }

    private async Task<IHost> StartAsync(params (string Name, string Value)[] settings)
    {
        var endpoint = $"{ingestion.Urls.Single()}/";
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(
        [
            new("APPLICATIONINSIGHTS_CONNECTION_STRING", $"InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint={endpoint};LiveEndpoint={endpoint}"),
            .. settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Name, setting.Value)),
        ]);
        builder.Services.AddTelemetry(builder.Configuration);
        var app = builder.Build();
        await app.StartAsync();
        return app;
    }

    private Task<JsonNode> EventAsync(string name) => ReceivedAsync("MessageData", message => message["properties"]?["EventName"]?.GetValue<string>() == name);

    private async Task<JsonNode> ReceivedAsync(string type, Func<JsonNode, bool> isIt)
    {
        var data = await Eventually.GetAsync(
            () =>
            {
                lock (received)
                {
                    return Task.FromResult(received.Select(item => item["data"]!).FirstOrDefault(
                        data => data["baseType"]!.GetValue<string>() == type && isIt(data["baseData"]!)));
                }
            },
            found => found is not null,
            type);
        return data!["baseData"]!;
    }

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        await using var body = request.Headers.ContentEncoding == "gzip" ? new GZipStream(request.Body, CompressionMode.Decompress) : request.Body;
        using var reader = new StreamReader(body, Encoding.UTF8);
        var items = (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lock (received)
        {
            foreach (var item in items)
                received.Enqueue(JsonNode.Parse(item)!);
        }

        return Results.Json(new { itemsReceived = items.Length, itemsAccepted = items.Length, errors = Array.Empty<object>() });
    }
}
