using CloudRewind.LocalRuntime.Durable.Dispatch;
using CloudRewind.LocalRuntime.Durable.History;
using CloudRewind.LocalRuntime.Durable.Storage;
using CloudRewind.LocalRuntime.Functions;
using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace CloudRewind.LocalRuntime.Durable;

/// <summary>The client of the hub in this process.</summary>
internal sealed class LocalDurableTaskClient(
    DurableEngine engine, HubTables tables, InstanceStore store, StorageAccess storage, FunctionCatalog catalog)
    : DurableTaskClient(tables.HubName)
{
    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        if (catalog.Get(FunctionKind.Orchestrator, orchestratorName.Name) is not { } function)
            throw new ArgumentException($"The function '{orchestratorName}' doesn't exist, or is not an orchestrator.", nameof(orchestratorName));
        var instanceId = options?.InstanceId ?? Guid.NewGuid().ToString("N");
        InstanceIds.Check(instanceId);
        var start = new NewInstance(function.Name, instanceId, DurableJson.Write(input), null);
        return await storage.TryForCallerAsync(token => engine.CreateAsync(start, token), cancellation)
            ? instanceId
            : throw new OrchestrationAlreadyExistsException($"An orchestration with the instance id '{instanceId}' runs already.");
    }

    public override Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        return SendAsync(instanceId, new HistoryEvent(EventKind.EventRaised) { Name = eventName, Payload = DurableJson.Write(eventPayload) }, cancellation);
    }

    public override Task TerminateInstanceAsync(string instanceId, object? output, CancellationToken cancellation = default) =>
        SendAsync(instanceId, new HistoryEvent(EventKind.Terminated) { Payload = DurableJson.Write(output) }, cancellation);

    public override async Task<OrchestrationMetadata?> GetInstanceAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return await storage.TryForCallerAsync(
            async token => await store.GetAsync(instanceId, token) is { } row ? await DescribeAsync(row, getInputsAndOutputs, token) : null,
            cancellation);
    }

    public override async Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        while (true)
        {
            // The watch begins before the look, so no end falls between them.
            using var watch = engine.Watchers.Begin(instanceId);
            var metadata = await GetInstanceAsync(instanceId, getInputsAndOutputs, cancellation) ?? throw Unknown(instanceId);
            if (metadata.IsCompleted)
                return metadata;
            await watch.Ended.WaitAsync(cancellation);
        }
    }

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) =>
        new InstancePages(token => QueryAsync(filter ?? new OrchestrationQuery(), token));

    public override async Task<PurgeResult> PurgeInstanceAsync(string instanceId, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var session = engine.Acquire(instanceId);
        try
        {
            var row = await storage.TryForCallerAsync(token => store.GetAsync(instanceId, token), cancellation);
            if (row is null)
                return new PurgeResult(0);
            if (!row.Ended)
                throw new InvalidOperationException($"The instance '{instanceId}' is {row.Status}: only one that has ended can be purged.");
            await storage.TryForCallerAsync(token => store.PurgeAsync(row, token), cancellation);
            session.Forget(null, storage.Comebacks);
            return new PurgeResult(1);
        }
        finally
        {
            session.Unpin();
        }
    }

    private Task SendAsync(string instanceId, HistoryEvent received, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        InboxMessage? message = null;
        return storage.TryForCallerAsync(
            async token =>
            {
                // One message for all attempts: an attempt whose answer was lost may have brought it, and even the end.
                message ??= await AddressAsync(instanceId, received, token);
                await engine.SendAsync(message, token);
            },
            cancellation);
    }

    private async Task<InboxMessage> AddressAsync(string instanceId, HistoryEvent received, CancellationToken cancellation)
    {
        var row = await store.GetAsync(instanceId, cancellation) ?? throw Unknown(instanceId);
        return row.Ended
            ? throw new InvalidOperationException($"The instance '{instanceId}' has ended ({row.Status}).")
            : InboxMessage.FromCaller(row, received);
    }

    private async IAsyncEnumerable<OrchestrationMetadata> QueryAsync(
        OrchestrationQuery query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var statuses = query.Statuses?.ToHashSet();
        await foreach (var entity in store.AllRows().WithCancellation(cancellation))
        {
            var row = InstanceRow.From(entity);
            if (statuses?.Contains(row.Status) != false && row.InstanceId.StartsWith(query.InstanceIdPrefix ?? "", StringComparison.Ordinal))
                yield return await DescribeAsync(row, query.FetchInputsAndOutputs, cancellation);
        }
    }

    private async Task<OrchestrationMetadata> DescribeAsync(InstanceRow row, bool payloads, CancellationToken cancellation)
    {
        var start = payloads ? await store.GetTextAsync(row.Partition, row.StartKey, cancellation) : null;
        var end = payloads && row.Ended ? await store.GetTextAsync(row.Partition, row.EndKey, cancellation) : null;
        var ended = end is null ? null : DurableJson.Restore<RunEnd>(end);
        return new OrchestrationMetadata(row.Name, row.InstanceId)
        {
            RuntimeStatus = row.Status,
            CreatedAt = row.CreatedAt,
            LastUpdatedAt = row.UpdatedAt,
            SerializedInput = start is null ? null : DurableJson.Restore<RunStart>(start).Input,
            SerializedOutput = ended?.Output,
            SerializedCustomStatus = payloads ? row.CustomStatus : null,
            FailureDetails = ended?.Failure,
        };
    }

    private static ArgumentException Unknown(string instanceId) => new($"There is no instance '{instanceId}'.", nameof(instanceId));

    private sealed class InstancePages(Func<CancellationToken, IAsyncEnumerable<OrchestrationMetadata>> read) : AsyncPageable<OrchestrationMetadata>
    {
        public override IAsyncEnumerator<OrchestrationMetadata> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
            read(cancellationToken).GetAsyncEnumerator(cancellationToken);
    }
}
