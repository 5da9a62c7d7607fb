using System.Globalization;
using System.Text.Json.Nodes;
using CloudRewind.TestSupport;

namespace CloudRewind.Infrastructure.Tests;

/// <summary>What the schema of host.json allows, and what the storage account is asked while nothing happens (docs/decisions/0006).</summary>
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
        Assert.InRange(TimeSpan.Parse(Text(Host["functionTimeout"]), CultureInfo.InvariantCulture), TimeSpan.FromSeconds(1), TimeSpan.FromHours(4));
        Assert.Matches("^[A-Za-z][A-Za-z0-9]{2,44}$", Text(Durable["hubName"]));
        Assert.InRange(Durable["maxConcurrentActivityFunctions"]!.GetValue<int>(), 1, 1_000);
        Assert.InRange(Durable["maxConcurrentOrchestratorFunctions"]!.GetValue<int>(), 1, 1_000);
        Assert.Matches("^(AzureStorage|azureManaged)$", Text(Storage["type"]));
        Assert.InRange(Storage["partitionCount"]!.GetValue<int>(), 1, 16);
        Assert.InRange(PollingInterval, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void An_idle_instance_asks_storage_fewer_than_15_times_a_minute()
    {
        // Every ten seconds the partition manager reads its table and renews each partition that it owns. Neither can be set.
        const int PartitionRoundsAMinute = 6;
        var partitions = Storage["partitionCount"]!.GetValue<int>();
        var queues = partitions + 1; // and the one for activities
        var appLease = Durable["useAppLease"]?.GetValue<bool>() == false ? 0 : 60 / 25.0;

        var requests = (PartitionRoundsAMinute * (1 + partitions)) + (queues * (60 / PollingInterval.TotalSeconds)) + appLease;

        Assert.True(Storage["useTablePartitionManagement"]!.GetValue<bool>());
        Assert.InRange(requests, 0, 15);
    }

    [Fact]
    public void A_step_that_waits_for_a_queue_is_over_before_the_watchdog_wonders() =>
        Assert.True(2 * PollingInterval < TimeSpan.FromMinutes(5));

    private static TimeSpan PollingInterval => TimeSpan.Parse(Text(Storage["maxQueuePollingInterval"]), CultureInfo.InvariantCulture);

    private static string Text(JsonNode? node) => node!.GetValue<string>();

    private static IEnumerable<string> Names(JsonNode node) => node.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal);
}
