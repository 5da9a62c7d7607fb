using CloudRewind.EndToEnd.Tests.Support.Otlp;
using Xunit.Abstractions;

namespace CloudRewind.EndToEnd.Tests.Telemetry;

/// <summary>With the usual variables set, a collector gets spans, metrics and logs over OTLP, of the worker and of its host.</summary>
[Collection(nameof(ConfiguredApp))]
public sealed class OtlpTests(ConfiguredApp fixture, ITestOutputHelper output)
{
    private static readonly string[] Activities = ["PrepareProtection", "CaptureResources", "PruneResources"];

    [OwnProcessFact]
    public async Task A_protection_is_one_trace_from_the_request_to_its_end()
    {
        var client = fixture.App.NewAssembly();
        var id = await client.ProtectAsync(["sim-ok-a", "sim-ok-b"], "PT1S");
        await client.WatchAsync(id, "elapsed"); // the engine tells of an orchestration once it has ended

        var tree = await Eventually.GetAsync(() => Task.FromResult(TreeOf(id)), IsComplete, "one tree of spans");

        output.WriteLine(tree.ToString());
        var root = Assert.Single(tree.Roots);
        Assert.Equal("POST", root["http.request.method"]);
        var orchestration = Assert.Single(tree.Spans, span => span.Name == "orchestration:ProtectionLifecycle");
        Assert.Contains(orchestration, tree.Below(root));
        Assert.All(Activities, name =>
        {
            var functions = tree.Below(orchestration).Where(span => span.Name == $"function {name}").ToList();
            Assert.NotEmpty(functions);
            Assert.All(functions, function => Assert.Contains(tree.Below(function), span => span["url.full"]?.Contains("/devstoreaccount1/", StringComparison.Ordinal) is true));
        });
        Assert.All(
            tree.Spans.Where(span => Activities.Any(name => span.Name == $"function {name}")),
            span => Assert.Equal(id, span["cloudrewind.protection_id"]));
    }

    [OwnProcessFact]
    public async Task A_transition_is_logged_in_its_trace_as_an_event_with_fields()
    {
        var client = fixture.App.NewAssembly();
        var id = await client.ProtectAsync(["sim-ok-a"]);
        await client.WatchAsync(id, "success");

        var log = await Eventually.GetAsync(
            () => Task.FromResult(fixture.Collector.Logs.FirstOrDefault(record =>
                record.EventName == "TransitionRecorded" && record.Attributes.Text("ProtectionId") == id && record.Attributes.Text("To") == "success")),
            found => found is not null,
            $"the log to tell that {id} is a success");

        Assert.Equal("in-progress", log!.Attributes.Text("From"));
        Assert.Equal("4", log.Attributes.Text("Sequence"));
        Assert.NotNull(log.Attributes.Text("CorrelationId"));
        Assert.NotNull(log.Attributes.Text("Reason"));
        Assert.Equal(TraceOf(id), Convert.ToHexStringLower(log.TraceId.Span));
    }

    [OwnProcessFact]
    public async Task Transitions_lookups_and_runs_are_counted()
    {
        var client = fixture.App.NewAssembly();
        var id = await client.ProtectAsync(["sim-ok-a"]);
        await client.WatchAsync(id, "success");

        await HasMetricAsync("cloudrewind.protection.transitions", metric => metric.Sum.DataPoints.Any(point => point.Attributes.Text("to") == "success"));
        await HasMetricAsync("cloudrewind.protection.lookups", metric => metric.Sum.DataPoints.Any(point => point.Attributes.Text("answer") == "success"));
        await HasMetricAsync("cloudrewind.protection.run.duration", metric => metric.Histogram.DataPoints.Any(point => point.Attributes.Text("outcome") == "success"));
    }

    [OwnProcessFact]
    public async Task Progress_is_measured_by_cloud_assembly()
    {
        var client = fixture.App.NewAssembly();
        var id = await client.ProtectAsync(["sim-ok-a", "sim-ok-b"]);
        await client.WatchAsync(id, "success");

        await HasMetricAsync("cloudrewind.protection.progress", metric => metric.Gauge.DataPoints.Any(point =>
            point.AsInt == 100
            && point.Attributes.Text("account") == $"{client.Address.AccountId}"
            && point.Attributes.Text("project") == client.Address.ProjectId
            && point.Attributes.Text("cloud_assembly") == $"{client.Address.CloudAssemblyId}"));
    }

    /// <summary>Of an idle minute, these were most of what the worker sent.</summary>
    [OwnProcessTheory]
    [InlineData("Scheduler", "/DuePolicies")]
    [InlineData("Watchdog", "/WorkList")]
    public async Task A_timer_that_looks_whether_anything_is_due_sends_its_own_span_and_none_of_the_look(string timer, string table)
    {
        var ticks = await Eventually.GetAsync(
            () => Task.FromResult(fixture.Collector.Spans.Where(span => span.Name == $"function {timer}").ToList()), spans => spans.Count > 0, $"a tick of {timer}");

        // What a function has asked storage ends before it does, and so is sent no later.
        Assert.DoesNotContain(
            ticks.SelectMany(tick => SpanTree.Of(tick.TraceId, fixture.Collector.Spans).Below(tick)),
            span => span["http.request.method"] == "GET" && span["url.full"]?.Contains(table, StringComparison.Ordinal) is true);
    }

    /// <summary>Tokens are in headers, and signatures are in query strings.</summary>
    [OwnProcessFact]
    public async Task No_token_and_no_query_string_leaves_the_app()
    {
        var client = fixture.App.NewAssembly();
        var id = await client.ProtectAsync(["sim-ok-a"]);
        await client.WatchAsync(id, "success");
        await Eventually.GetAsync(() => Task.FromResult(TraceOf(id)), trace => trace is not null, $"a span of {id}");

        var values = fixture.Collector.Spans.SelectMany(span => span.Span.Attributes)
            .Concat(fixture.Collector.Logs.SelectMany(record => record.Attributes))
            .Select(attribute => attribute.Value.StringValue);

        Assert.DoesNotContain(values, value => value.Contains(client.Token!, StringComparison.Ordinal) || value.Contains("sig=", StringComparison.Ordinal));
    }

    private string? TraceOf(string id) => fixture.Collector.Spans.FirstOrDefault(span => span.Name == "function PrepareProtection" && span["cloudrewind.protection_id"] == id)?.TraceId;

    private SpanTree TreeOf(string id) => SpanTree.Of(TraceOf(id), fixture.Collector.Spans);

    // Host and worker export by themselves: a tree may be whole before the worker has sent its last spans.
    private static bool IsComplete(SpanTree tree) =>
        tree.IsWhole && tree.Spans.Any(span => span.Name == "orchestration:ProtectionLifecycle") && Activities.All(name => tree.Spans.Any(span => span.Name == $"function {name}"));

    private async Task HasMetricAsync(string name, Func<Metric, bool> isIt) =>
        await Eventually.GetAsync(() => Task.FromResult(fixture.Collector.Metrics.Any(metric => metric.Name == name && isIt(metric))), has => has, name);
}
