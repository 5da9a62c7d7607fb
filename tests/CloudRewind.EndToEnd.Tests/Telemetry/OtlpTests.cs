using CloudRewind.TestSupport;

namespace CloudRewind.EndToEnd.Tests.Telemetry;

/// <summary>With the usual variables set, a collector gets spans, metrics and logs over OTLP.</summary>
[Collection(nameof(ConfiguredApp))]
public sealed class OtlpTests(ConfiguredApp fixture)
{
    [OwnProcessFact]
    public async Task A_run_is_told_in_spans_metrics_and_logs()
    {
        var client = fixture.App.NewAssembly();
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
            await Eventually.GetAsync(() => Task.FromResult(fixture.Collector.Has(path, text)), has => has, $"'{text}' at {path}");
        }
    }
}
