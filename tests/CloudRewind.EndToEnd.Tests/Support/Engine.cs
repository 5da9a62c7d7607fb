using System.Text.Json;
using Azure.Data.Tables;
using DurableTask.AzureStorage;
using DurableTask.Core;

namespace CloudRewind.EndToEnd.Tests.Support;

/// <summary>The orchestrations of an app, seen and changed by the engine's own client, as an operator does. An instance's id is the protection's, where that is short and plain.</summary>
internal sealed class Engine
{
    private readonly AzureStorageOrchestrationService service;
    private readonly TaskHubClient client;
    private readonly TableClient partitions;

    public Engine(string connectionString)
    {
        // The hub and its partitions are those of the app's host.json.
        using var hostJson = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "host.json")));
        var durable = hostJson.RootElement.GetProperty("extensions").GetProperty("durableTask");
        var hub = durable.GetProperty("hubName").GetString()!;
        service = new AzureStorageOrchestrationService(new AzureStorageOrchestrationServiceSettings
        {
            StorageAccountClientProvider = new StorageAccountClientProvider(connectionString),
            TaskHubName = hub,
            PartitionCount = durable.GetProperty("storageProvider").GetProperty("partitionCount").GetInt32(),
        });
        client = new TaskHubClient(service);
        partitions = new TableClient(connectionString, $"{hub}Partitions");
    }

    /// <summary>Where a protection's orchestration stands; null where there is none.</summary>
    public async Task<OrchestrationStatus?> StatusAsync(string id) =>
        (await service.GetOrchestrationStateAsync(id, allExecutions: false)).SingleOrDefault()?.OrchestrationStatus;

    /// <summary>The names of the hosts that hold the hub's partitions. The engine's client does not tell.</summary>
    public async Task<IReadOnlySet<string>> OwnersAsync()
    {
        var owners = new HashSet<string>();
        await foreach (var partition in partitions.QueryAsync<TableEntity>())
        {
            if (partition.GetString("CurrentOwner") is { } owner)
                owners.Add(owner);
        }

        return owners;
    }

    /// <summary>Ends a protection's orchestration where it stands. The app must be running.</summary>
    public async Task TerminateAsync(string id)
    {
        await client.TerminateInstanceAsync(new OrchestrationInstance { InstanceId = id }, "by a test");
        await Eventually.GetAsync(() => StatusAsync(id), status => status is OrchestrationStatus.Terminated, $"the orchestration of {id} to be terminated");
    }

    /// <summary>Takes a protection's orchestration out of the engine's storage, as if it had lost it.</summary>
    public async Task LoseAsync(string id)
    {
        await service.PurgeInstanceHistoryAsync(id);
        Assert.Null(await StatusAsync(id));
    }
}
