using CloudRewind.Infrastructure.Tests.Support;
using CloudRewind.TestSupport;
using YamlDotNet.RepresentationModel;

namespace CloudRewind.Infrastructure.Tests.Deploying;

/// <summary>azure.yaml.</summary>
public sealed class AzdTests
{
    private static readonly KeyValuePair<YamlNode, YamlNode> Service =
        Assert.Single(((YamlMappingNode)Yaml.Read(Path.Combine(Repository.Root, "azure.yaml"))["services"]).Children);

    [Fact]
    public void It_publishes_a_project_that_is_there() =>
        Assert.NotEmpty(Directory.EnumerateFiles(Path.Combine(Repository.Root, Service.Value["project"].ToString()), "*.csproj"));

    [BicepFact]
    public async Task It_finds_what_is_provisioned_by_its_tags()
    {
        var deployment = await Deployment.OfAsync("dev");

        Assert.Equal(Service.Key.ToString(), deployment.Single("Microsoft.Web/sites")["tags"]!["azd-service-name"]!.GetValue<string>());
        Assert.Equal("dev", deployment.Single("Microsoft.Resources/resourceGroups")["tags"]!["azd-env-name"]!.GetValue<string>());
    }

    [BicepFact]
    public async Task It_keeps_the_outputs_as_variables_of_their_names()
    {
        var outputs = (await Template.MainAsync()).Section("outputs").Select(output => output.Key);

        Assert.Equal(["AZURE_RESOURCE_GROUP", "IDENTITY_CLIENT_ID", "IDENTITY_PRINCIPAL_ID", "IDENTITY_TENANT_ID", "SERVICE_FUNCTIONS_NAME", "SERVICE_FUNCTIONS_URI", "STORAGE_ACCOUNT_NAME"], outputs.Order(StringComparer.Ordinal));
    }
}
