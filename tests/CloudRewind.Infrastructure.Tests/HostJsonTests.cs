using System.Globalization;
using System.Text.Json.Nodes;
using CloudRewind.TestSupport;

namespace CloudRewind.Infrastructure.Tests;

/// <summary>What the schema of host.json allows, and why its values are what they are (docs/decisions/0006).</summary>
public sealed class HostJsonTests
{
    private static readonly JsonNode Host = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "host.json")))!;
    private static readonly JsonNode Durable = Host["extensions"]!["durableTask"]!;
    private static readonly JsonNode Storage = Durable["storageProvider"]!;

    [Fact]
    public void Nothing_is_set_that_the_host_would_not_know()
    {
        Assert.Equal(["extensions", "functionTimeout", "logging", "version"], Names(Host));
        Assert.Equal(["durableTask", "http"], Names(Host["extensions"]!));
        Assert.Subset(
            new HashSet<string>
            {
                "hubName", "storageProvider", "maxConcurrentActivityFunctions", "maxConcurrentOrchestratorFunctions", "maxConcurrentEntityFunctions",
                "extendedSessionsEnabled", "extendedSessionIdleTimeoutInSeconds", "maxOrchestrationActions", "useAppLease", "useGracefulShutdown",
                "overridableExistingInstanceStates", "storeInputsInOrchestrationHistory", "tracing", "notifications", "maxGrpcMessageSizeInBytes",
            },
            Names(Durable).ToHashSet());
        Assert.Subset(
            new HashSet<string>
            {
                "type", "connectionName", "connectionStringName", "controlQueueBatchSize", "controlQueueBufferThreshold", "controlQueueVisibilityTimeout",
                "fetchLargeMessagesAutomatically", "maxQueuePollingInterval", "partitionCount", "trackingStoreConnectionName", "trackingStoreNamePrefix",
                "useLegacyPartitionManagement", "useTablePartitionManagement", "workItemQueueVisibilityTimeout",
            },
            Names(Storage).ToHashSet());
    }

    [Fact]
    public void Its_values_are_within_what_the_host_allows()
    {
        Assert.Equal("2.0", Text(Host["version"]));
        Assert.InRange(Time(Host["functionTimeout"]), TimeSpan.FromSeconds(1), TimeSpan.FromHours(4));
        Assert.Matches("^[A-Za-z][A-Za-z0-9]{2,44}$", Text(Durable["hubName"]));
        Assert.InRange(Durable["maxConcurrentActivityFunctions"]!.GetValue<int>(), 1, 1_000);
        Assert.InRange(Durable["maxConcurrentOrchestratorFunctions"]!.GetValue<int>(), 1, 1_000);
        Assert.Matches("^(AzureStorage|azureManaged)$", Text(Storage["type"]));
        Assert.InRange(Partitions, 1, 16);
        Assert.InRange(PollingInterval, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
    }

    /// <summary>Nobody else sees the message of a process that was killed until this time is over; a minute is the least that the engine takes for orchestrations.</summary>
    [Theory]
    [InlineData("controlQueueVisibilityTimeout")]
    [InlineData("workItemQueueVisibilityTimeout")]
    public void After_a_crash_work_stands_still_for_as_short_as_the_engine_allows(string option) =>
        Assert.Equal(TimeSpan.FromMinutes(1), Time(Storage[option]));

    /// <summary>A protection that is asked for after a quiet time begins within this.</summary>
    [Fact]
    public void A_queue_that_was_empty_is_looked_at_again_within_five_seconds() => Assert.Equal(TimeSpan.FromSeconds(5), PollingInterval);

    /// <summary>Four instances can run orchestrators. A hub that exists keeps its number of partitions for ever.</summary>
    [Fact]
    public void The_partitions_leave_room_to_scale_out() => Assert.Equal(4, Partitions);

    [Fact]
    public void An_idle_instance_asks_storage_as_often_as_the_decision_says()
    {
        Assert.True(Storage["useTablePartitionManagement"]!.GetValue<bool>());
        Assert.Equal(90, RequestsAMinute(Partitions, PollingInterval, Durable["useAppLease"]!.GetValue<bool>()), 1);

        var decision = File.ReadAllText(Path.Combine(Repository.Root, "docs", "decisions", "0006-what-the-engine-asks-of-storage.md"));
        Assert.Contains("| 42.4 | 14.7 | **90** |", decision, StringComparison.Ordinal);
    }

    [Fact]
    public void The_costs_are_worked_out_from_the_same_figures()
    {
        var guide = File.ReadAllText(Path.Combine(Repository.Root, "docs", "deploy.md"));

        Assert.Contains($"tables: {TablesAMinute(Partitions):0} + 2.6 a minute * TABLE", guide, StringComparison.Ordinal);
        Assert.Contains($"queues: {QueuesAMinute(Partitions, PollingInterval):0} a minute * QUEUE", guide, StringComparison.Ordinal);
    }

    /// <summary>Measured on the real host: Durable Functions alone, and with the defaults 51 together with the 9.4 of the host's own locks.</summary>
    [Theory]
    [InlineData(1, 45, false, 14.8)]
    [InlineData(4, 30, true, 51 - 9.4)]
    public void The_sum_is_within_one_request_of_what_was_measured(int partitions, int pollingSeconds, bool hasAppLease, double measured) =>
        Assert.InRange(RequestsAMinute(partitions, TimeSpan.FromSeconds(pollingSeconds), hasAppLease), measured - 1, measured + 1);

    [Fact]
    public void What_waits_for_a_queue_or_for_a_killed_process_is_over_before_the_watchdog_wonders() =>
        Assert.True((2 * PollingInterval) + Time(Storage["workItemQueueVisibilityTimeout"]) < TimeSpan.FromMinutes(5));

    /// <summary>At Information, the host logs each of its own requests to storage: 84 % of all telemetry of an idle app.</summary>
    [Fact]
    public void The_hosts_own_requests_to_storage_are_not_logged() => Assert.Equal("Warning", Text(Host["logging"]!["logLevel"]!["Azure.Core"]));

    private static double RequestsAMinute(int partitions, TimeSpan pollingInterval, bool hasAppLease) =>
        TablesAMinute(partitions) + QueuesAMinute(partitions, pollingInterval) + (hasAppLease ? 60 / 25.0 : 0);

    // Every ten seconds the partition manager reads its table and renews each partition that it owns, and every 25 the app lease is renewed; neither can be set.
    private static double TablesAMinute(int partitions) => 6 * (1 + partitions);

    // Each partition has a queue, and activities have one.
    private static double QueuesAMinute(int partitions, TimeSpan pollingInterval) => (partitions + 1) * (60 / pollingInterval.TotalSeconds);

    private static int Partitions => Storage["partitionCount"]!.GetValue<int>();

    private static TimeSpan PollingInterval => Time(Storage["maxQueuePollingInterval"]);

    private static TimeSpan Time(JsonNode? node) => TimeSpan.Parse(Text(node), CultureInfo.InvariantCulture);

    private static string Text(JsonNode? node) => node!.GetValue<string>();

    private static IEnumerable<string> Names(JsonNode node) => node.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal);
}
