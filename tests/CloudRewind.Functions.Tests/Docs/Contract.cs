using YamlDotNet.RepresentationModel;

namespace CloudRewind.Functions.Tests.Docs;

/// <summary>The OpenAPI document, as a tree.</summary>
internal static class Contract
{
    public static readonly string File = Path.Combine(Repository.Root, "openapi", "cloud-rewind.v1.yaml");

    public static readonly YamlMappingNode Document = Read();

    /// <summary>The node below a schema.</summary>
    public static YamlMappingNode Schema(params string[] path) => Map(Document, ["components", "schemas", .. path]);

    public static YamlMappingNode Map(YamlMappingNode node, params string[] path) =>
        path.Aggregate(node, (current, name) => (YamlMappingNode)current[name]);

    public static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;

    public static IEnumerable<string> Texts(YamlNode node) => ((YamlSequenceNode)node).Select(Text);

    private static YamlMappingNode Read()
    {
        using var reader = new StreamReader(File);
        var yaml = new YamlStream();
        yaml.Load(reader);
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }
}
