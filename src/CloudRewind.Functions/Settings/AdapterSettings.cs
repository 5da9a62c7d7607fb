using System.Text.RegularExpressions;
using CloudRewind.Aws;
using CloudRewind.Simulation;
using CloudRewind.Storage;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Functions.Settings;

/// <summary>Reads the options of adapters, which know nothing of configuration.</summary>
internal static partial class AdapterSettings
{
    public static SimulationOptions Simulation(SettingsReader reader) =>
        new(reader.Duration("Simulation__StepTime", defaultValue: TimeSpan.FromSeconds(1), TimeSpan.Zero, TimeSpan.FromDays(1)));

    /// <summary>How AWS is reached. Everything may be absent: then the SDK finds endpoints and credentials by itself.</summary>
    public static AwsOptions Aws(SettingsReader reader)
    {
        const string Hub = "Aws__HubRoleArn", Audience = "Aws__WebIdentity__Audience";
        var (hub, audience) = (reader.Text(Hub), reader.Text(Audience));
        if (hub is not null && !RoleArn().IsMatch(hub))
            reader.Error($"{Hub} is '{hub}'; it must be the ARN of an IAM role, such as arn:aws:iam::123456789012:role/cloud-rewind-hub.");
        if ((hub is null) != (audience is null))
            reader.Error($"{(hub is null ? Hub : Audience)} is missing; {Hub} and {Audience} must both be set, or neither.");
        return new AwsOptions(
            reader.Address("Aws__ServiceUrl"),
            hub,
            audience,
            reader.Text("AZURE_CLIENT_ID") ?? reader.Text("AzureWebJobsStorage__clientId"),
            reader.Duration("Aws__SettleWindow", defaultValue: TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(10), TimeSpan.FromHours(1)),
            reader.Flag("Aws__CopyTagsFromSource"));
    }

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

    [GeneratedRegex(@"^arn:aws[a-z-]*:iam::\d{12}:role/\S+$", RegexOptions.CultureInvariant)]
    private static partial Regex RoleArn();
}
