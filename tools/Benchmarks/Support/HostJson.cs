using System.Text.Json;

namespace CloudRewind.Benchmarks.Support;

/// <summary>The app's host.json as environment variables, which override a host's and another app's.</summary>
internal static class HostJson
{
    private const string Section = "AzureFunctionsJobHost";
    private const string Polling = "maxQueuePollingInterval";
    private const string HubName = "hubName";

    /// <summary>
    /// How often queues are asked in production. The local host asks more often where nothing is set: requests to
    /// Azurite cost nothing.
    /// </summary>
    public static (string Name, string Value) PollingInterval =>
        Read().Single(setting => setting.Name.EndsWith($"__{Polling}", StringComparison.Ordinal));

    /// <summary>Everything but the name of the task hub, which is each app's own.</summary>
    public static IEnumerable<(string Name, string Value)> ForAnotherApp =>
        Read().Where(setting => !setting.Name.EndsWith($"__{HubName}", StringComparison.Ordinal));

    private static List<(string Name, string Value)> Read()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppProcess.BuiltApp, "host.json")));
        return [.. Flatten(Section, document.RootElement)];
    }

    private static IEnumerable<(string Name, string Value)> Flatten(string name, JsonElement element) =>
        element.ValueKind == JsonValueKind.Object
        ? element.EnumerateObject().SelectMany(member => Flatten($"{name}__{member.Name}", member.Value))
        : [(name, element.ToString())];
}
