using Azure.Core;
using Azure.Data.Tables;

namespace CloudRewind.LocalRuntime.Durable.Storage;

/// <summary>The two tables of a hub.</summary>
internal sealed class HubTables
{
    /// <param name="connectionString">The storage account.</param>
    /// <param name="hubName">What the tables' names begin with.</param>
    /// <exception cref="LocalRuntimeStartException">The connection string cannot be one.</exception>
    public HubTables(string connectionString, string hubName)
    {
        HubName = hubName;
        var name = string.Concat(hubName.Where(char.IsAsciiLetterOrDigit));
        name = name.Length == 0 || char.IsAsciiDigit(name[0]) ? $"Hub{name}" : name;
        name = name[..Math.Min(name.Length, 50)];
        try
        {
            // StorageAccess does the trying again, so that an outage is told once and lasts as long as it lasts.
            var options = new TableClientOptions { Retry = { MaxRetries = 0, Mode = RetryMode.Fixed, NetworkTimeout = TimeSpan.FromSeconds(15) } };
            var service = new TableServiceClient(connectionString, options);
            Instances = service.GetTableClient($"{name}Instances");
            Control = service.GetTableClient($"{name}Control");
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or ArgumentException)
        {
            throw new LocalRuntimeStartException(
                $"{LocalSettings.StorageKey} is not the connection string of a storage account ({e.Message}). " +
                "Leave it out to store in Azurite, or set it to UseDevelopmentStorage=true.");
        }
    }

    public string HubName { get; }

    /// <summary>A partition for each instance: its state, history and inbox.</summary>
    public TableClient Instances { get; }

    /// <summary>Which instances have work to do, and when; the hub's owner; the timer functions' last starts.</summary>
    public TableClient Control { get; }

    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        await Instances.CreateIfNotExistsAsync(cancellationToken);
        await Control.CreateIfNotExistsAsync(cancellationToken);
    }
}
