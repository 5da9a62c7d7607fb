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
    public void An_idle_instance_asks_storage_fewer_than_15_times_a_minute_for_durable_functions()
    {
        Assert.True(Storage["useTablePartitionManagement"]!.GetValue<bool>());
        Assert.InRange(RequestsAMinute(Storage["partitionCount"]!.GetValue<int>(), PollingInterval, Durable["useAppLease"]!.GetValue<bool>()), 0, 15);
    }

    [Fact]
    public void The_same_sum_accounts_for_42_of_the_51_requests_that_were_measured_with_the_defaults() =>
        Assert.Equal(42.4, RequestsAMinute(partitions: 4, TimeSpan.FromSeconds(30), hasAppLease: true), 1);

    [Fact]
    public void A_step_that_waits_for_a_queue_is_over_before_the_watchdog_wonders() =>
        Assert.True(2 * PollingInterval < TimeSpan.FromMinutes(5));

    // Every ten seconds the partition manager reads its table and renews each partition that it owns, and every 25 the app lease is renewed;
    // neither can be set. Each partition has a queue, and activities have one.
    private static double RequestsAMinute(int partitions, TimeSpan pollingInterval, bool hasAppLease) =>
        (6 * (1 + partitions)) + ((partitions + 1) * (60 / pollingInterval.TotalSeconds)) + (hasAppLease ? 60 / 25.0 : 0);

    private static TimeSpan PollingInterval => TimeSpan.Parse(Text(Storage["maxQueuePollingInterval"]), CultureInfo.InvariantCulture);

    private static string Text(JsonNode? node) => node!.GetValue<string>();

    private static IEnumerable<string> Names(JsonNode node) => node.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal);
}
