using System.Globalization;
using System.Text.RegularExpressions;
using Azure;
using Azure.Data.Tables;
using CloudRewind.TestSupport;

namespace CloudRewind.Chaos.Faults;

/// <summary>The engine's task hub, and how it loses some of it.</summary>
internal sealed partial class TaskHub(string connectionString)
{
    // The hub's name is that of the app's host.json.
    private const string Name = "CloudRewind";
    private const string Instances = $"{Name}Instances";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly TableServiceClient tables = new(connectionString);

    /// <summary>The message that a request puts into a queue of the hub; null where it does something else.</summary>
    public static HubMessage? MessageOf(StorageRequest request)
    {
        var queue = QueueOf().Match(request.Target);
        if (request.Method != "POST" || !queue.Success)
            return null;
        var (type, instance) = (EventType().Match(request.Body).Groups[1], InstanceOf().Match(request.Body).Groups[1]);
        return new HubMessage($"the message {type} of {instance}", queue.Groups[1].Value == "workitems");
    }

    /// <summary>Takes an instance that has not ended, or its history alone, which leaves one that runs and takes no message.</summary>
    /// <param name="accountId">Whose instances.</param>
    /// <param name="isHistoryOnly">Whether the instance itself stays.</param>
    /// <param name="dice">Chooses the instance.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>Which instance it was; null where there was none in time.</returns>
    public async Task<string?> LoseInstanceAsync(long accountId, bool isHistoryOnly, Random dice, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            if (await RunningAsync(string.Create(CultureInfo.InvariantCulture, $"{accountId}:")) is { Count: > 0 } running)
                return await LoseAsync(running[dice.Next(running.Count)], isHistoryOnly);
            await Task.Delay(Pause, CancellationToken.None);
        }

        return null;
    }

    private async Task<string> LoseAsync(TableEntity instance, bool isHistoryOnly)
    {
        var history = tables.GetTableClient($"{Name}History");
        var events = history.QueryAsync<TableEntity>(row => row.PartitionKey == instance.PartitionKey, select: ["PartitionKey", "RowKey"]);
        await foreach (var row in events)
            await history.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All);
        if (isHistoryOnly)
            return $"the history of the instance {instance.PartitionKey}";
        await tables.GetTableClient(Instances).DeleteEntityAsync(instance.PartitionKey, instance.RowKey, ETag.All);
        return $"the instance {instance.PartitionKey}";
    }

    private async Task<IReadOnlyList<TableEntity>> RunningAsync(string account)
    {
        List<TableEntity> running = [];
        var rows = tables.GetTableClient(Instances).QueryAsync<TableEntity>("RuntimeStatus eq 'Running' or RuntimeStatus eq 'Pending'");
        await foreach (var row in rows)
        {
            // An id that is long is a digest.
            if ($"{row.PartitionKey} {row.GetString("Input")}".Contains(account, StringComparison.Ordinal))
                running.Add(row);
        }

        return running;
    }

    [GeneratedRegex(@"/cloudrewind-(workitems|control-\d+)/messages(\?|$)")]
    private static partial Regex QueueOf();

    [GeneratedRegex("""
        "\$type":"DurableTask\.Core\.History\.(\w+)
        """)]
    private static partial Regex EventType();

    [GeneratedRegex("""
        "InstanceId":"([^"]+)"
        """)]
    private static partial Regex InstanceOf();
}
