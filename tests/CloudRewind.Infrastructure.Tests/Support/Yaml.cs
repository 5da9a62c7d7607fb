using YamlDotNet.RepresentationModel;

namespace CloudRewind.Infrastructure.Tests.Support;

/// <summary>Reads YAML files.</summary>
internal static class Yaml
{
    /// <summary>The mapping that a file is.</summary>
    public static YamlMappingNode Read(string path)
    {
        var yaml = new YamlStream();
        using var file = File.OpenText(path);
        yaml.Load(file);
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }
}
