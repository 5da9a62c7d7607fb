using System.Text.Json;

namespace CloudRewind.LocalRuntime;

/// <summary>What the local runtime reads from host.json; it ignores the rest.</summary>
internal sealed record HostFile
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>What every route begins with.</summary>
    public string RoutePrefix { get; init; } = "api";

    /// <summary>The task hub's name: the tables' names begin with it.</summary>
    public string HubName { get; init; } = "LocalHub";

    /// <summary>Activities at work at once.</summary>
    public int MaxActivities { get; init; } = 10 * Environment.ProcessorCount;

    /// <summary>Steps of orchestrations at work at once.</summary>
    public int MaxOrchestrators { get; init; } = 10 * Environment.ProcessorCount;

    /// <summary>Reads host.json from the first of the folders that has one.</summary>
    /// <exception cref="LocalRuntimeStartException">It is not JSON, or a value that is read has the wrong type.</exception>
    public static HostFile Read(params string[] folders)
    {
        var path = folders.Select(f => Path.Combine(f, "host.json")).FirstOrDefault(File.Exists);
        if (path is null)
            return new HostFile();
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path), Lenient);
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new LocalRuntimeStartException($"{path} cannot be read: {e.Message}");
        }
    }

    private static HostFile Read(JsonElement root)
    {
        var defaults = new HostFile();
        return new HostFile
        {
            RoutePrefix = Find(root, "extensions", "http", "routePrefix")?.GetString()?.Trim('/') ?? defaults.RoutePrefix,
            HubName = Find(root, "extensions", "durableTask", "hubName")?.GetString() ?? defaults.HubName,
            MaxActivities = Limit(root, "maxConcurrentActivityFunctions") ?? defaults.MaxActivities,
            MaxOrchestrators = Limit(root, "maxConcurrentOrchestratorFunctions") ?? defaults.MaxOrchestrators,
        };
    }

    private static int? Limit(JsonElement root, string name)
    {
        var limit = Find(root, "extensions", "durableTask", name)?.GetInt32();
        return limit is < 1 ? throw new FormatException($"{name} must be 1 or more.") : limit;
    }

    private static JsonElement? Find(JsonElement element, params string[] path)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new FormatException("an object was expected.");
        foreach (var name in path)
        {
            if (!element.TryGetProperty(name, out var next))
                return null;
            element = next;
        }

        return element.ValueKind == JsonValueKind.Null ? null : element;
    }
}
