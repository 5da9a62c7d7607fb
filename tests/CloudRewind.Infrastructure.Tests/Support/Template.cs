using System.Text.Json.Nodes;

namespace CloudRewind.Infrastructure.Tests.Support;

/// <summary>A compiled template: whatever any parameter could make of it.</summary>
internal sealed class Template(JsonObject root)
{
    private static readonly Lazy<Task<Template>> Compiled = new(async () =>
    {
        using var workspace = new Workspace();
        return new Template(JsonNode.Parse((await BicepCli.RunAsync(workspace.Infra, "build", "main.bicep", "--stdout")).Clean())!.AsObject());
    });

    /// <summary>That of main.bicep, with all of its modules in it.</summary>
    public static Task<Template> MainAsync() => Compiled.Value;

    /// <summary>All of it.</summary>
    public string Text => root.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>It, and the templates of the modules in it.</summary>
    public IEnumerable<Template> WithModules() =>
        Section("resources")
            .Select(resource => (resource.Value["properties"] as JsonObject)?["template"])
            .OfType<JsonObject>()
            .SelectMany(module => new Template(module).WithModules())
            .Prepend(this);

    /// <summary>The members of a section; none where it is missing.</summary>
    public IEnumerable<KeyValuePair<string, JsonNode>> Section(string name) => (root[name] as JsonObject ?? []).Select(member => KeyValuePair.Create(member.Key, member.Value!));
}
