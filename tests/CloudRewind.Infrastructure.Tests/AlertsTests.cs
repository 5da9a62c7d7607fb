using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CloudRewind.Infrastructure.Tests.Support;
using CloudRewind.TestSupport;

namespace CloudRewind.Infrastructure.Tests;

/// <summary>The alerts read what the app logs: a sentence that is put differently there must not silence one.</summary>
public sealed partial class AlertsTests
{
    private const string Id = "t1:demo:7:0:1795492261190";

    // What the app logs, where, and what each expression must find in it.
    private static readonly (string File, string Template, string Logged)[] Sentences =
    [
        ("Orchestrations/ProtectionLifecycle/RecordTransition.cs",
            "Protection {ProtectionId} is {To} after {From} (sequence {Sequence}, correlation {CorrelationId}): {Reason}",
            $"Protection {Id} is pruning-failed after success (sequence 6, correlation c): Two are left"),
        ("Orchestrations/ProtectionLifecycle/RecordTransition.cs",
            "Protection {ProtectionId} cannot go from {From} to {To} (sequence {Sequence}, correlation {CorrelationId}): {Result}. Something else has driven it",
            $"Protection {Id} cannot go from created to failed (sequence 1, correlation c): Outdated. Something else has driven it"),
        ("Orchestrations/Watchdog/WatchdogTimer.cs",
            "Protection {ProtectionId} stands still: {Status} since {UpdatedAt}, while its orchestration is {RuntimeStatus} (sequence {Sequence})",
            $"Protection {Id} stands still: preparing since 2026-11-24, while its orchestration is Running (sequence 1)"),
        ("Protections/CreateAwsProtection.cs",
            "Protection {ProtectionId} was accepted (sequence {Sequence}, correlation {CorrelationId})",
            $"Protection {Id} was accepted (sequence 0, correlation c)"),
        ("Protections/StatusWatch.cs",
            "Status lookup of {ProtectionId} waits for the next transition, for at most {Limit}",
            $"Status lookup of {Id} waits for the next transition, for at most 00:00:30"),
    ];

    [Fact]
    public void The_app_logs_the_sentences_that_the_alerts_look_for() =>
        Assert.All(Sentences, sentence => Assert.Contains(
            $"\"{sentence.Template}\"", File.ReadAllText(Path.Combine(Repository.Root, "src", "CloudRewind.Functions", sentence.File)), StringComparison.Ordinal));

    [Theory]
    [InlineData("protection-failed.kql", 0, Id, "pruning-failed")]
    [InlineData("protection-stalled.kql", 1, Id)]
    [InlineData("protection-stalled.kql", 2, Id)]
    [InlineData("orchestration-backlog.kql", 3, Id)]
    [InlineData("orchestration-backlog.kql", 0, Id)]
    [InlineData("latency.kql", 4, Id)]
    [InlineData("protections.workbook.json", 0, Id, "pruning-failed", "success")]
    [InlineData("protections.workbook.json", 3, Id)]
    public void Each_query_finds_in_its_sentence_what_it_looks_for(string query, int sentence, params string[] found)
    {
        var matches = Expressions(query).Select(expression => expression.Match(Sentences[sentence].Logged)).Where(match => match.Success);

        Assert.Equal(found.Order(StringComparer.Ordinal), matches.Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_protection_that_ends_well_raises_nothing()
    {
        var logged = $"Protection {Id} was failed already (sequence 5, correlation c)";

        Assert.All(Expressions("protection-failed.kql").Concat(Expressions("protection-stalled.kql")), expression => Assert.DoesNotMatch(expression, logged));
    }

    [Fact]
    public void What_the_queries_read_is_never_sampled_away()
    {
        var sampling = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "host.json")))!["logging"]!["applicationInsights"]!["samplingSettings"]!;
        var read = Directory.EnumerateFiles(Path.Combine(Repository.Root, "infra", "monitoring"))
            .SelectMany(file => TelemetryTable().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups["kind"].Value);

        Assert.Subset(sampling["excludedTypes"]!.GetValue<string>().Split(';').ToHashSet(), read.ToHashSet());
    }

    [BicepTheory]
    [MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public async Task There_is_an_alert_for_each_thing_that_somebody_must_be_told_of(string environment)
    {
        var deployment = await Deployment.OfAsync(environment);
        var rules = deployment.All("Microsoft.Insights/scheduledQueryRules").ToList();
        var people = deployment.Single("Microsoft.Insights/actionGroups")["id"]!.GetValue<string>();

        Assert.Equal(
            ["latency", "orchestration-backlog", "protection-failed", "protection-stalled", "server-errors"],
            rules.Select(rule => rule["properties"]!["displayName"]!.GetValue<string>()).Order(StringComparer.Ordinal));
        Assert.All(rules, rule => Assert.Equal(people, Assert.Single(rule["properties"]!["actions"]!["actionGroups"]!.AsArray())!.GetValue<string>()));
        Assert.Contains(people, deployment.Single("Microsoft.Insights/metricAlerts").ToJsonString(), StringComparison.Ordinal);
    }

    [BicepTheory]
    [InlineData("dev", 5000)]
    [InlineData("prod", 1000)]
    public async Task The_latency_alert_is_one_of_the_95th_percentile_of_each_operation(string environment, int milliseconds)
    {
        var rule = (await Deployment.OfAsync(environment)).All("Microsoft.Insights/scheduledQueryRules")
            .Single(rule => rule["properties"]!["displayName"]!.GetValue<string>() == "latency");
        var condition = Assert.Single(rule["properties"]!["criteria"]!["allOf"]!.AsArray())!;

        Assert.Equal(Read("latency.kql"), condition["query"]!.GetValue<string>());
        Assert.Contains("Milliseconds = percentile(DurationMs, 95) by Name", Read("latency.kql"), StringComparison.Ordinal);
        Assert.Equal("Milliseconds", condition["metricMeasureColumn"]!.GetValue<string>());
        Assert.Equal("Name", Assert.Single(condition["dimensions"]!.AsArray())!["name"]!.GetValue<string>());
        Assert.Equal(milliseconds, condition["threshold"]!.GetValue<int>());
    }

    [BicepFact]
    public async Task Those_who_are_to_be_told_in_prod_are()
    {
        var receivers = (await Deployment.OfAsync("prod")).Single("Microsoft.Insights/actionGroups")["properties"]!["emailReceivers"]!.AsArray();

        Assert.Equal(["operations@example.com", "on-call@example.com"], receivers.Select(receiver => receiver!["emailAddress"]!.GetValue<string>()));
    }

    [BicepFact]
    public async Task The_operations_guide_has_a_section_for_every_alert()
    {
        var guide = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "operations.md"));
        var alerts = (await Deployment.OfAsync("prod")).All("Microsoft.Insights/scheduledQueryRules").Select(rule => rule["properties"]!["displayName"]!.GetValue<string>());

        Assert.All(alerts.Append("storage-throttling"), alert => Assert.Contains($"### {alert}\n", guide, StringComparison.Ordinal));
    }

    [BicepFact]
    public async Task The_workbook_is_deployed_as_it_is()
    {
        var data = (await Deployment.OfAsync("dev")).Single("Microsoft.Insights/workbooks")["properties"]!["serializedData"]!.GetValue<string>();

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(data), JsonNode.Parse(Read("protections.workbook.json"))));
    }

    private static IEnumerable<Regex> Expressions(string query) =>
        Extract().Matches(Read(query).Replace(@"\\", @"\", StringComparison.Ordinal))
            .Select(match => match.Groups["expression"].Value)
            .Distinct()
            .Select(expression => new Regex(expression));

    private static string Read(string file) => File.ReadAllText(Path.Combine(Repository.Root, "infra", "monitoring", file));

    [GeneratedRegex("""extract\(@(?<quote>["'])(?<expression>.+?)\k<quote>, 1, Message\)""")]
    private static partial Regex Extract();

    // Log Analytics names its tables after the kinds of telemetry: AppTraces, AppRequests.
    [GeneratedRegex(@"\bApp(?<kind>Trace|Request|Exception|Event|Dependency|PageView)s\b")]
    private static partial Regex TelemetryTable();
}
