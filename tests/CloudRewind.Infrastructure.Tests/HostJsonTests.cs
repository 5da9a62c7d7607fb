using System.Globalization;
using System.Text.Json.Nodes;
using CloudRewind.Functions.Telemetry;
using CloudRewind.TestSupport;

namespace CloudRewind.Infrastructure.Tests;

/// <summary>host.json: what the Functions host takes, and what the app relies on.</summary>
public sealed class HostJsonTests
{
    private static readonly JsonNode Host = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "host.json")))!;
    private static readonly JsonNode Durable = Host["extensions"]!["durableTask"]!;
    private static readonly JsonNode Storage = Durable["storageProvider"]!;

    [Fact]
    public void Nothing_is_set_that_the_host_would_not_know()
    {
        Assert.Empty(Names(Host).Except(["extensions", "functionTimeout", "logging", "telemetryMode", "version"]));
        Assert.Empty(Names(Host["extensions"]!).Except(["durableTask", "http"]));
        Assert.Empty(Names(Durable).Except(
        [
            "hubName", "storageProvider", "maxConcurrentActivityFunctions", "maxConcurrentOrchestratorFunctions", "maxConcurrentEntityFunctions",
            "extendedSessionsEnabled", "extendedSessionIdleTimeoutInSeconds", "maxOrchestrationActions", "useAppLease", "useGracefulShutdown",
            "overridableExistingInstanceStates", "storeInputsInOrchestrationHistory", "tracing", "notifications", "maxGrpcMessageSizeInBytes",
        ]));
        Assert.Empty(Names(Storage).Except(
        [
            "type", "connectionName", "connectionStringName", "controlQueueBatchSize", "controlQueueBufferThreshold", "controlQueueVisibilityTimeout",
            "fetchLargeMessagesAutomatically", "maxQueuePollingInterval", "partitionCount", "trackingStoreConnectionName", "trackingStoreNamePrefix",
            "useLegacyPartitionManagement", "useTablePartitionManagement", "workItemQueueVisibilityTimeout",
        ]));
    }

    [Fact]
    public void Its_values_are_within_what_the_host_allows()
    {
        Assert.Matches("^[A-Za-z][A-Za-z0-9]{2,44}$", Durable["hubName"]!.GetValue<string>());
        Assert.InRange(Storage["partitionCount"]!.GetValue<int>(), 1, 16);
        Assert.InRange(Time(Storage["controlQueueVisibilityTimeout"]), TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));
    }

    [Fact]
    public void Log_levels_of_single_functions_are_of_functions_that_there_are()
    {
        const string Category = "Function.";
        var named = Names(Host["logging"]!["logLevel"]!).Where(category => category.StartsWith(Category, StringComparison.Ordinal)).Select(category => category[Category.Length..]).ToList();

        Assert.NotEmpty(named);
        Assert.Empty(named.Except(JsonNode.Parse(File.ReadAllText(Path.Combine(AppProcess.BuiltApp, "functions.metadata")))!.AsArray().Select(function => function!["name"]!.GetValue<string>())));
    }

    /// <summary>Application Insights gets them from the worker, which does not read host.json.</summary>
    [Fact]
    public void Heartbeats_are_kept_off_the_console_of_the_host() =>
        Assert.Equal("Warning", Host["logging"]!["logLevel"]![typeof(Heartbeat).FullName!]!.GetValue<string>());

    /// <summary>Five minutes is the default of Watchdog__Patience.</summary>
    [Fact]
    public void What_waits_for_a_queue_or_for_a_killed_process_is_over_before_the_watchdog_looks_at_it() =>
        Assert.True((2 * Time(Storage["maxQueuePollingInterval"])) + Time(Storage["workItemQueueVisibilityTimeout"]) < TimeSpan.FromMinutes(5));

    private static TimeSpan Time(JsonNode? node) => TimeSpan.Parse(node!.GetValue<string>(), CultureInfo.InvariantCulture);

    private static IEnumerable<string> Names(JsonNode node) => node.AsObject().Select(member => member.Key);
}
