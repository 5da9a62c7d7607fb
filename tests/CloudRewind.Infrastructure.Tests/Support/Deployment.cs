using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace CloudRewind.Infrastructure.Tests.Support;

/// <summary>What a deployment would make, as far as it can be told without Azure: every parameter, loop and condition is worked out.</summary>
internal sealed class Deployment
{
    private const string Subscription = "00000000-0000-0000-0000-000000000001";

    private static readonly ConcurrentDictionary<string, Lazy<Task<Deployment>>> Known = new(StringComparer.Ordinal);

    private Deployment(JsonNode snapshot) => Resources = [.. snapshot["predictedResources"]!.AsArray().Select(resource => resource!)];

    /// <summary>Every resource.</summary>
    public IReadOnlyList<JsonNode> Resources { get; }

    /// <summary>The names of the environments that have a file of their own.</summary>
    public static TheoryData<string> Environments => new("dev", "prod");

    /// <summary>The app's settings.</summary>
    public IReadOnlyDictionary<string, string> AppSettings =>
        Single("Microsoft.Web/sites/config")["properties"]!.AsObject().ToDictionary(setting => setting.Key, setting => setting.Value!.GetValue<string>());

    /// <summary>Of an environment as it is.</summary>
    public static Task<Deployment> OfAsync(string environment) =>
        Known.GetOrAdd(environment, name => new(() => OfAsync(name, _ => { }))).Value;

    /// <summary>Of prod with everything that can be closed to the world, and with the Durable Task Scheduler.</summary>
    public static Task<Deployment> PrivateAsync() => Known.GetOrAdd("private", _ => new(() => OfAsync("prod", workspace =>
    {
        Scheduler.InHostJson(workspace);
        workspace.Replace("environments/prod.bicepparam", "'private-data'", "'private'");
    }))).Value;

    /// <summary>Of prod with an account of its own for what the Functions host and Durable Functions keep.</summary>
    public static Task<Deployment> HubApartAsync() => Known.GetOrAdd("hub", _ => new(() => OfAsync("prod", workspace =>
        workspace.Replace("environments/prod.bicepparam", "redundancy: 'Standard_GZRS'", "redundancy: 'Standard_GZRS'\n  hubRedundancy: 'Standard_ZRS'")))).Value;

    /// <summary>Of an environment in which something is different.</summary>
    public static async Task<Deployment> OfAsync(string environment, Action<Workspace> change)
    {
        using var workspace = new Workspace();
        change(workspace);
        var folder = Path.Combine(workspace.Infra, "environments");
        (await BicepCli.RunAsync(folder, "snapshot", $"{environment}.bicepparam", "--subscription-id", Subscription, "--location", "westeurope")).Clean();
        return new Deployment(JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, $"{environment}.snapshot.json")))!);
    }

    /// <summary>The resources of a type.</summary>
    public IEnumerable<JsonNode> All(string type) =>
        Resources.Where(resource => string.Equals(resource["type"]!.GetValue<string>(), type, StringComparison.OrdinalIgnoreCase));

    /// <summary>The one resource of a type.</summary>
    public JsonNode Single(string type) => Assert.Single(All(type));

    /// <summary>The last parts of the names of a type's resources.</summary>
    public IEnumerable<string> Names(string type) => All(type).Select(resource => resource["name"]!.GetValue<string>().Split('/')[^1]);
}
