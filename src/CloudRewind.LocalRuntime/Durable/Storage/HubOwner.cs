using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;

namespace CloudRewind.LocalRuntime.Durable.Storage;

/// <summary>
/// Sees to it that one process at a time works on a hub. The owner writes its name into a row and renews it; who finds
/// the row of a living owner refuses to start.
/// </summary>
internal sealed class HubOwner(HubTables tables, StorageAccess storage, ILogger<HubOwner> logger)
{
    private const string Partition = "owner";
    private const string RowKey = "owner";

    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan RenewInterval = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan ReleaseLimit = TimeSpan.FromSeconds(1);

    // Owners of this very process, for which a living process id says nothing.
    private static readonly ConcurrentDictionary<string, bool> s_ownersHere = [];

    private static readonly string s_started = Started();

    private readonly string _id = Guid.NewGuid().ToString("N");
    private readonly CancellationTokenSource _end = new();
    private ETag _tag;
    private Task _renewing = Task.CompletedTask;

    /// <summary>Raised once when another process has taken the hub: this one must stop.</summary>
    public event Action? Lost;

    /// <summary>Takes the hub.</summary>
    /// <exception cref="LocalRuntimeStartException">Another process has it.</exception>
    public async Task TakeAsync(CancellationToken cancellationToken)
    {
        while (!await TryTakeAsync(cancellationToken))
        {
        }

        s_ownersHere[_id] = true;
        _renewing = RenewAsync();
    }

    /// <summary>Gives the hub back, so that the next process need not wait.</summary>
    public async Task ReleaseAsync()
    {
        if (!await EndAsync())
            return;
        try
        {
            using var limit = new CancellationTokenSource(ReleaseLimit);
            await tables.Control.DeleteEntityAsync(Partition, RowKey, _tag, limit.Token);
        }
        catch (Exception e) when (e is RequestFailedException or OperationCanceledException)
        {
            // The row ends by itself: its process is about to be gone.
        }
    }

    /// <summary>Stops renewing, as a kill would.</summary>
    public Task<bool> AbandonAsync() => EndAsync();

    private async Task<bool> EndAsync()
    {
        if (!s_ownersHere.TryRemove(_id, out _))
            return false;
        await _end.CancelAsync();
        await _renewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return true;
    }

    private async Task<bool> TryTakeAsync(CancellationToken cancellationToken)
    {
        var found = await storage.KeepTryingAsync(
            token => tables.Control.GetEntityIfExistsAsync<TableEntity>(Partition, RowKey, cancellationToken: token), cancellationToken);
        if (found.HasValue && found.Value!.GetString("Id") != _id)
            await WaitForEndAsync(found.Value, cancellationToken);
        try
        {
            var response = found.HasValue
                ? await tables.Control.UpdateEntityAsync(Row(), found.Value!.ETag, TableUpdateMode.Replace, cancellationToken)
                : await tables.Control.AddEntityAsync(Row(), cancellationToken);
            _tag = response.Headers.ETag!.Value;
            return true;
        }
        catch (RequestFailedException)
        {
            // Someone else was faster, or the answer was lost: look again.
            await Task.Delay(100, cancellationToken);
            return false;
        }
    }

    /// <summary>Returns when the owner is known to be gone, or has not renewed its row for the time of a lease.</summary>
    private async Task WaitForEndAsync(TableEntity owner, CancellationToken cancellationToken)
    {
        var who = $"process {owner.GetInt32("Pid")} on {owner.GetString("Machine")}, started {owner.GetString("Started")}";
        if (owner.GetString("Machine") == Environment.MachineName)
        {
            if (!IsAlive(owner))
                return;
            throw new LocalRuntimeStartException(
                $"The hub '{tables.HubName}' is in use by {who}. Two at once would run everything twice: end that process first, " +
                "or give this one another hub (extensions.durableTask.hubName in host.json) or another storage.");
        }

        logger.LogWarning("The hub {Hub} was last in use by {Owner}; waiting up to {Seconds} s to see whether it still is",
            tables.HubName, who, LeaseTime.TotalSeconds);
        await Task.Delay(LeaseTime, cancellationToken);
        var again = await storage.KeepTryingAsync(
            token => tables.Control.GetEntityIfExistsAsync<TableEntity>(Partition, RowKey, cancellationToken: token), cancellationToken);
        if (again.HasValue && again.Value!.ETag != owner.ETag)
            throw new LocalRuntimeStartException($"The hub '{tables.HubName}' is in use by {who}: it renewed its claim just now.");
    }

    private static bool IsAlive(TableEntity owner)
    {
        var pid = owner.GetInt32("Pid") ?? 0;
        if (pid == Environment.ProcessId)
            return s_ownersHere.ContainsKey(owner.GetString("Id") ?? "");

        // What cannot be looked into is taken for alive.
        return ProcessIdentity.Of(pid) is { } found && (found.Length == 0 || found == owner.GetString("Process"));
    }

    private async Task RenewAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            await Task.Delay(RenewInterval, _end.Token);
            try
            {
                var response = await storage.KeepTryingAsync(
                    token => tables.Control.UpdateEntityAsync(Row(), _tag, TableUpdateMode.Replace, token), _end.Token);
                _tag = response.Headers.ETag!.Value;
            }
            catch (RequestFailedException)
            {
                if (!await AdoptAsync())
                {
                    Lost?.Invoke();
                    return;
                }
            }
        }
    }

    /// <summary>A store that came back with an older state has an older tag for our row, or none: that is not a loss.</summary>
    private async Task<bool> AdoptAsync()
    {
        try
        {
            var found = await storage.KeepTryingAsync(
                token => tables.Control.GetEntityIfExistsAsync<TableEntity>(Partition, RowKey, cancellationToken: token), _end.Token);
            if (found.HasValue && found.Value!.GetString("Id") != _id)
                return false;
            _tag = found.HasValue
                ? found.Value!.ETag
                : (await tables.Control.AddEntityAsync(Row(), _end.Token)).Headers.ETag!.Value;
            storage.OnOlderState();
            return true;
        }
        catch (RequestFailedException)
        {
            return true;
        }
    }

    private static string Started()
    {
        using var process = Process.GetCurrentProcess();
        return process.StartTime.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }

    private TableEntity Row() => new(Partition, RowKey)
    {
        ["Id"] = _id,
        ["Machine"] = Environment.MachineName,
        ["Pid"] = Environment.ProcessId,
        ["Process"] = ProcessIdentity.Own,
        ["Started"] = s_started,
    };
}
