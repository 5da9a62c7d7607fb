using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace CloudRewind.LocalRuntime;

/// <summary>The configuration of a local run: local.settings.json, then the environment, then the command line.</summary>
internal static class LocalSettings
{
    public const string StorageKey = "AzureWebJobsStorage";

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Adds the sources, the weakest first.</summary>
    public static void AddTo(IConfigurationBuilder configuration, LocalRuntimeOptions options, string root)
    {
        configuration.AddInMemoryCollection([new(StorageKey, "UseDevelopmentStorage=true")]);
        configuration.AddInMemoryCollection(ReadFile(Path.Combine(root, "local.settings.json")));
        configuration.AddEnvironmentVariables();
        configuration.AddInMemoryCollection(options.Settings);
        configuration.AddCommandLine(options.Args);
    }

    /// <summary>The environment's name, which is Development unless something says otherwise.</summary>
    public static string EnvironmentName(IConfiguration configuration) =>
        new[] { "AZURE_FUNCTIONS_ENVIRONMENT", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT" }
            .Select(name => configuration[name])
            .FirstOrDefault(value => !string.IsNullOrWhiteSpace(value)) ?? "Development";

    /// <summary>The connection string of the runtime's own storage.</summary>
    /// <exception cref="LocalRuntimeStartException">The settings ask for an identity instead.</exception>
    public static string StorageOf(IConfiguration configuration)
    {
        if (configuration.GetSection(StorageKey).GetChildren().FirstOrDefault() is { } part)
        {
            throw new LocalRuntimeStartException(
                $"{StorageKey}__{part.Key} is for the Functions host, which signs in with an identity. The local runtime takes a connection string only: " +
                $"unset it, and leave {StorageKey} out to store in Azurite.");
        }

        return configuration[StorageKey] ?? "";
    }

    private static IEnumerable<KeyValuePair<string, string?>> ReadFile(string path)
    {
        if (!File.Exists(path))
            return [];
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path), Lenient);
            if (document.RootElement.TryGetProperty("IsEncrypted", out var encrypted) && encrypted.GetBoolean())
                throw new LocalRuntimeStartException($"{path} is encrypted, which the local runtime cannot read: func settings decrypt");
            if (!document.RootElement.TryGetProperty("Values", out var values))
                return [];
            return [.. values.EnumerateObject().Select(v => KeyValuePair.Create(
                v.Name.Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal), (string?)v.Value.ToString()))];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new LocalRuntimeStartException($"{path} cannot be read: {e.Message}");
        }
    }
}
