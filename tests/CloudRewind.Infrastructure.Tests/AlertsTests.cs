using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CloudRewind.Infrastructure.Tests.Support;
using CloudRewind.TestSupport;

namespace CloudRewind.Infrastructure.Tests;

/// <summary>The alerts and the workbook, which read the events of infra/monitoring/events.json in the logs.</summary>
public sealed partial class AlertsTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "infra", "monitoring");

    private static readonly Dictionary<string, string[]> Events =
        JsonSerializer.Deserialize<Dictionary<string, string[]>>(File.ReadAllText(Path.Combine(Folder, "events.json")))!;

    private static readonly Lazy<Task<IReadOnlyDictionary<string, KustoAnswer>>> Answers = new(() => Kusto.AnalyzeAsync(Queries()));

    [Fact]
    public async Task The_queries_are_what_azure_takes() => Assert.All(
        await Answers.Value,
        answer => Assert.True(answer.Value.Errors.Length == 0, $"{answer.Key}: {string.Join('\n', answer.Value.Errors)}"));

    [Fact]
    public async Task A_query_that_azure_would_refuse_is_found()
    {
        var answers = await Kusto.AnalyzeAsync(new Dictionary<string, string>
        {
            ["an unknown column"] = "AppTraces | where Mesage has 'x'",
            ["an unknown function"] = "AppTraces | where strcut(Message) == 'x'",
            ["bad syntax"] = "AppTraces | summarize (",
        });

        Assert.All(answers, answer => Assert.NotEmpty(answer.Value.Errors));
    }

    [Fact]
    public void They_look_for_events_and_fields_that_the_app_logs_and_for_no_words_of_a_message() => Assert.All(Queries(), query =>
    {
        var events = EventName().Matches(query.Value).Select(match => match.Value.Trim('"')).ToList();
        var fields = Field().Matches(query.Value).Select(match => match.Groups["name"].Value).Where(name => name != "EventName");

        Assert.Empty(events.Except(Events.Keys));
        Assert.Empty(fields.Except(events.SelectMany(name => Events[name])));
        Assert.DoesNotContain("extract(", query.Value, StringComparison.Ordinal);
    });

    [Fact]
    public void Every_event_that_somebody_must_be_told_of_is_looked_for() =>
        Assert.Empty(Events.Keys.Except(Queries().Values.SelectMany(query => EventName().Matches(query)).Select(match => match.Value.Trim('"'))));

    [BicepTheory]
    [MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public async Task There_is_an_alert_for_each_query_and_it_tells_people(string environment)
    {
        var deployment = await Deployment.OfAsync(environment);
        var rules = Rules(deployment);
        var people = deployment.Single("Microsoft.Insights/actionGroups")["id"]!.GetValue<string>();
        var answers = await Answers.Value;

        Assert.Equal(
            Directory.EnumerateFiles(Folder, "*.kql").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal),
            rules.Keys.Order(StringComparer.Ordinal));
        Assert.All(rules, rule =>
        {
            var condition = Condition(rule.Value);
            var columns = condition["dimensions"]!.AsArray().Select(dimension => dimension!["name"]).Append(condition["metricMeasureColumn"]).OfType<JsonNode>();

            Assert.Equal(Queries()[$"{rule.Key}.kql"], condition["query"]!.GetValue<string>());
            Assert.Empty(columns.Select(column => column.GetValue<string>()).Except(answers[$"{rule.Key}.kql"].Columns));
            Assert.Equal(people, Assert.Single(rule.Value["actions"]!["actionGroups"]!.AsArray())!.GetValue<string>());
        });
        Assert.All(
            deployment.All("Microsoft.Insights/metricAlerts"),
            alert => Assert.Equal(people, Assert.Single(alert["properties"]!["actions"]!.AsArray())!["actionGroupId"]!.GetValue<string>()));
    }

    /// <summary>A count without groups is one row, of 0, where there are none to count.</summary>
    [BicepFact]
    public async Task A_dead_app_is_told_of_although_it_says_nothing()
    {
        var rule = Rules(await Deployment.OfAsync("prod"))["watchdog-silent"];

        Assert.EndsWith("| summarize Looks = count()\n| where Looks == 0\n", Condition(rule)["query"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("Count", Condition(rule)["timeAggregation"]!.GetValue<string>());
        Assert.Equal("GreaterThan", Condition(rule)["operator"]!.GetValue<string>());
        Assert.Equal(0, Condition(rule)["threshold"]!.GetValue<int>());
        Assert.Equal("PT15M", rule["windowSize"]!.GetValue<string>());
    }

    [BicepFact]
    public async Task Three_restarts_within_an_hour_are_told_of()
    {
        var rule = Rules(await Deployment.OfAsync("prod"))["orchestration-restarts"];

        Assert.EndsWith("| where Restarts >= 3\n", Condition(rule)["query"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("PT1H", rule["windowSize"]!.GetValue<string>());
    }

    [BicepTheory]
    [InlineData("dev", 900, "PT15M")]
    [InlineData("prod", 300, "PT5M")]
    public async Task The_app_is_asked_from_outside_whether_it_is_ready(string environment, int seconds, string window)
    {
        var deployment = await Deployment.OfAsync(environment);
        var test = deployment.Single("Microsoft.Insights/webtests");
        var alert = deployment.All("Microsoft.Insights/metricAlerts").Single(alert => alert["name"]!.GetValue<string>().StartsWith("availability-", StringComparison.Ordinal))["properties"]!;
        var component = deployment.Single("Microsoft.Insights/components")["id"]!.GetValue<string>();

        Assert.StartsWith("[format('https://{0}/api/health/ready', ", test["properties"]!["Request"]!["RequestUrl"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(200, test["properties"]!["ValidationRules"]!["ExpectedHttpStatusCode"]!.GetValue<int>());
        Assert.Equal(seconds, test["properties"]!["Frequency"]!.GetValue<int>());
        Assert.Equal("Resource", test["tags"]![$"hidden-link:{component}"]!.GetValue<string>());
        Assert.Equal(window, alert["windowSize"]!.GetValue<string>());
        Assert.Equal([test["id"]!.GetValue<string>(), component], alert["scopes"]!.AsArray().Select(scope => scope!.GetValue<string>()));
        Assert.InRange(alert["criteria"]!["failedLocationCount"]!.GetValue<int>(), 2, test["properties"]!["Locations"]!.AsArray().Count - 1);
    }

    [BicepFact]
    public async Task An_app_that_nobody_reaches_from_outside_is_not_asked_from_there()
    {
        var deployment = await Deployment.PrivateAsync();

        Assert.Empty(deployment.All("Microsoft.Insights/webtests"));
        Assert.DoesNotContain(deployment.Names("Microsoft.Insights/metricAlerts"), name => name.StartsWith("availability-", StringComparison.Ordinal));
    }

    [BicepFact]
    public async Task Each_storage_account_is_watched_for_throttling()
    {
        var deployment = await Deployment.HubApartAsync();

        Assert.Equal(
            deployment.Names("Microsoft.Storage/storageAccounts").Select(account => $"storage-throttling-{account}"),
            deployment.Names("Microsoft.Insights/metricAlerts").Where(name => name.StartsWith("storage-throttling-", StringComparison.Ordinal)));
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

        Assert.All(
            Rules(await Deployment.OfAsync("prod")).Keys.Concat(["availability", "storage-throttling"]),
            alert => Assert.Contains($"### {alert}\n", guide, StringComparison.Ordinal));
    }

    private static Dictionary<string, JsonNode> Rules(Deployment deployment) => deployment.All("Microsoft.Insights/scheduledQueryRules")
        .Select(rule => rule["properties"]!)
        .ToDictionary(rule => rule["displayName"]!.GetValue<string>());

    private static JsonNode Condition(JsonNode rule) => Assert.Single(rule["criteria"]!["allOf"]!.AsArray())!;

    // Those of the alerts, by their files, and those of the workbook, by their titles.
    private static Dictionary<string, string> Queries()
    {
        var queries = Directory.EnumerateFiles(Folder, "*.kql").ToDictionary(file => Path.GetFileName(file), File.ReadAllText);
        var workbook = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "protections.workbook.json")))!;
        foreach (var content in workbook["items"]!.AsArray().Select(item => item!["content"]!).Where(content => content["query"] is not null))
        {
            queries[content["title"]!.GetValue<string>()] = content["query"]!.GetValue<string>()
                .Replace("{Range:start}", "ago(7d)", StringComparison.Ordinal)
                .Replace("{Range:end}", "now()", StringComparison.Ordinal)
                .Replace("{Range:grain}", "1h", StringComparison.Ordinal);
        }

        return queries;
    }

    // In the queries, only events are written like this.
    [GeneratedRegex(@"""[A-Z]\w+""")]
    private static partial Regex EventName();

    [GeneratedRegex(@"\bProperties\.(?<name>\w+)")]
    private static partial Regex Field();
}
