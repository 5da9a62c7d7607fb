using CloudRewind.Simulation;
using CloudRewind.Storage;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Functions.Settings;

/// <summary>Reads the options of adapters, which know nothing of configuration.</summary>
internal static class AdapterSettings
{
    public static SimulationOptions Simulation(SettingsReader reader) =>
        new(reader.Duration("Simulation__StepTime", defaultValue: TimeSpan.FromSeconds(1), TimeSpan.Zero, TimeSpan.FromDays(1)));

    /// <summary>Where the app's tables are, by settings of our own or else by the Functions host's.</summary>
    public static TableStorageOptions? Storage(SettingsReader reader)
    {
        const string Endpoint = "Storage__TablesEndpoint", ConnectionString = "Storage__ConnectionString", Runtime = "AzureWebJobsStorage";
        var endpoint = reader.Address(Endpoint);
        var connection = reader.Text(ConnectionString);
        if (endpoint is not null && connection is not null)
            reader.Error($"{Endpoint} and {ConnectionString} are both set; only one of them may be.");
        if (endpoint is not null)
            return new TableStorageOptions.ByIdentity(endpoint);
        if (connection is not null)
            return ByConnectionString(ConnectionString, connection);

        // The Functions host's own ways to name its storage: https://learn.microsoft.com/azure/azure-functions/functions-reference#connecting-to-host-storage-with-an-identity
        var clientId = reader.Text($"{Runtime}__clientId");
        if (reader.Address($"{Runtime}__tableServiceUri") is { } service)
            return new TableStorageOptions.ByIdentity(service, clientId);
        if (reader.Text($"{Runtime}__accountName") is { } account)
            return new TableStorageOptions.ByIdentity(new Uri($"https://{account}.table.core.windows.net"), clientId);
        return ByConnectionString(Runtime, reader.Text(Runtime) ?? "UseDevelopmentStorage=true");

        TableStorageOptions? ByConnectionString(string name, string value)
        {
            try
            {
                _ = new StorageTables(value);
                return new TableStorageOptions.ByConnectionString(value);
            }
            catch (Exception error) when (error is FormatException or ArgumentException or InvalidOperationException)
            {
                // The value holds a key: it is not repeated.
                reader.Error($"{name} is not a connection string of Azure Storage; it must look like 'DefaultEndpointsProtocol=https;AccountName=...;AccountKey=...' or be 'UseDevelopmentStorage=true'.");
                return null;
            }
        }
    }
}
