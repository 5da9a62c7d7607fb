using Azure.Identity;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Functions.Settings;

/// <summary>Where the app's tables are: a connection string, or an endpoint that an identity may use.</summary>
public abstract record StorageSettings
{
    private StorageSettings() { }

    /// <summary>Opens the tables; nothing is asked of storage yet.</summary>
    public abstract StorageTables Open();

    internal static StorageSettings Read(SettingsReader reader)
    {
        const string Endpoint = "Storage__TablesEndpoint", ConnectionString = "Storage__ConnectionString", Runtime = "AzureWebJobsStorage";
        var endpoint = reader.Address(Endpoint);
        var connection = reader.Text(ConnectionString);
        if (endpoint is not null && connection is not null)
            reader.Fault($"{Endpoint} and {ConnectionString} are both there; it must be one of them.");
        if (endpoint is not null)
            return new ByIdentity(endpoint, null);
        if (connection is not null)
            return Checked(ConnectionString, connection);

        // The Functions host's own ways to name its storage: https://learn.microsoft.com/azure/azure-functions/functions-reference#connecting-to-host-storage-with-an-identity
        var clientId = reader.Text($"{Runtime}__clientId");
        if (reader.Address($"{Runtime}__tableServiceUri") is { } service)
            return new ByIdentity(service, clientId);
        if (reader.Text($"{Runtime}__accountName") is { } account)
            return new ByIdentity(new Uri($"https://{account}.table.core.windows.net"), clientId);
        return Checked(Runtime, reader.Text(Runtime) ?? "UseDevelopmentStorage=true");

        StorageSettings Checked(string name, string value)
        {
            try
            {
                _ = new StorageTables(value);
            }
            catch (Exception error) when (error is FormatException or ArgumentException or InvalidOperationException)
            {
                // The value holds a key: it is not repeated.
                reader.Fault($"{name} is not a connection string of Azure Storage; it must look like 'DefaultEndpointsProtocol=https;AccountName=...;AccountKey=...' or be 'UseDevelopmentStorage=true'.");
            }

            return new ByConnectionString(value);
        }
    }

    private sealed record ByConnectionString(string Value) : StorageSettings
    {
        public override StorageTables Open() => new(Value);
    }

    private sealed record ByIdentity(Uri Endpoint, string? ClientId) : StorageSettings
    {
        public override StorageTables Open() =>
            new(Endpoint, new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = ClientId ?? Environment.GetEnvironmentVariable("AZURE_CLIENT_ID") }));
    }
}
