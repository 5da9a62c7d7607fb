using CloudRewind.Infrastructure.Tests.Support;
using CloudRewind.TestSupport;
using YamlDotNet.RepresentationModel;

namespace CloudRewind.Infrastructure.Tests.Deploying;

/// <summary>azure.yaml: <c>azd up</c> is to do what infra/deploy.sh does.</summary>
public sealed class AzdTests
{
    private static readonly YamlMappingNode Project = Yaml.Read(Path.Combine(Repository.Root, "azure.yaml"));
    private static readonly YamlNode Service = Project["services"]["functions"];

    [UnixTheory]
    [InlineData("posix")]
    [InlineData("windows")]
    public async Task It_builds_and_asks_as_the_scripts_do(string system)
    {
        var run = await Shell.RunAsync("bash", [Path.Combine(Repository.Root, "infra", "deploy.sh"), "--dry-run", "dev"]);
        var publish = run.Output.Split('\n').Single(line => line.StartsWith("+ dotnet publish ", StringComparison.Ordinal))[2..];

        Assert.Contains(publish, Text(Service["hooks"]["prepackage"][system]["run"]).Split('\n'));
        Assert.EndsWith($" -o {Text(Service["dist"])}", publish, StringComparison.Ordinal);
        Assert.StartsWith("infra/smoke-test.", Text(Service["hooks"]["postdeploy"][system]["run"]), StringComparison.Ordinal);
    }

    [BicepFact]
    public async Task It_finds_the_app_that_is_provisioned_and_the_address_to_ask()
    {
        var deployment = await Deployment.OfAsync("dev");
        var outputs = (await Template.MainAsync()).Section("outputs").Select(output => output.Key);

        Assert.Equal("functions", deployment.Single("Microsoft.Web/sites")["tags"]!["azd-service-name"]!.GetValue<string>());
        Assert.Equal("dev", deployment.Single("Microsoft.Resources/resourceGroups")["tags"]!["azd-env-name"]!.GetValue<string>());
        Assert.Contains("hostName", outputs);
        Assert.Contains("hostName", Text(Service["hooks"]["postdeploy"]["posix"]["run"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Its_parameters_are_where_azd_looks_for_them() =>
        Assert.True(File.Exists(Path.Combine(Repository.Root, Text(Project["infra"]["path"]), $"{Text(Project["infra"]["module"])}.bicepparam")));

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;
}
