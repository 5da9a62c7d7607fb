using System.Text.Json.Nodes;
using CloudRewind.Infrastructure.Tests.Support;
using CloudRewind.TestSupport;

namespace CloudRewind.Infrastructure.Tests;

public sealed class BicepTests
{
    [BicepFact]
    public async Task No_file_has_anything_to_remark_on()
    {
        using var workspace = new Workspace();
        // Here, with one version of Bicep, no API version but the newest will do. What deploys may be a newer Bicep, which is not to refuse for
        // the sake of a still newer one.
        workspace.Replace("bicepconfig.json", "\"maxAgeInDays\": 3650", "\"maxAgeInDays\": 0");

        (await BicepCli.RunAsync(workspace.Infra, "lint", "--pattern", "**/*.bicep")).Clean();
    }

    [BicepFact]
    public async Task An_api_version_that_is_not_the_newest_is_found_here_and_deploys_all_the_same()
    {
        using var workspace = new Workspace();
        workspace.Replace("modules/identity.bicep", "userAssignedIdentities@2024-11-30", "userAssignedIdentities@2023-01-31");
        (await BicepCli.RunAsync(workspace.Infra, "lint", "modules/identity.bicep")).Clean();

        workspace.Replace("bicepconfig.json", "\"maxAgeInDays\": 3650", "\"maxAgeInDays\": 0");
        var run = await BicepCli.RunAsync(workspace.Infra, "lint", "modules/identity.bicep");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("Error use-recent-api-versions", run.Remarks + run.Output, StringComparison.Ordinal);
    }

    [BicepTheory]
    [InlineData("main.bicepparam")]
    [InlineData("environments/dev.bicepparam")]
    [InlineData("environments/prod.bicepparam")]
    public async Task The_parameters_of_every_environment_fit(string file)
    {
        using var workspace = new Workspace();

        (await BicepCli.RunAsync(workspace.Infra, "build-params", file, "--stdout")).Clean();
    }

    [BicepFact]
    public async Task Every_file_is_formatted()
    {
        using var workspace = new Workspace();
        foreach (var file in Directory.EnumerateFiles(workspace.Infra, "*.bicep*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".json", StringComparison.Ordinal)))
        {
            var formatted = (await BicepCli.RunAsync(workspace.Infra, "format", file, "--stdout")).Clean();
            Assert.Equal(await File.ReadAllTextAsync(file), formatted);
        }
    }

    [Fact]
    public void Every_rule_of_the_linter_is_an_error()
    {
        var rules = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "infra", "bicepconfig.json")))!["analyzers"]!["core"]!["rules"]!.AsObject();

        Assert.NotEmpty(rules);
        Assert.All(rules, rule => Assert.Equal("error", rule.Value!["level"]!.GetValue<string>()));
    }

    [BicepFact]
    public async Task The_configuration_is_in_force()
    {
        using var workspace = new Workspace();
        await File.WriteAllTextAsync(Path.Combine(workspace.Infra, "modules", "careless.bicep"), "param unused string\n");

        var run = await BicepCli.RunAsync(workspace.Infra, "lint", "modules/careless.bicep");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("Error no-unused-params", run.Remarks + run.Output, StringComparison.Ordinal);
        Assert.Contains("Error use-description-params", run.Remarks + run.Output, StringComparison.Ordinal);
    }

    [BicepTheory]
    [InlineData("instanceMemoryMB: 512", "instanceMemoryMB: 513")]
    [InlineData("Capture__Provider: 'Simulated'", "Capture__Provider: 'Magic'")]
    [InlineData("Retention__Default: ", "Retention__Defualt: ")]
    [InlineData("redundancy: 'Standard_LRS'", "redundancy: 'Premium_LRS'")]
    [InlineData("kind: 'authority'", "kind: 'nobody'")]
    [InlineData("maximumInstanceCount: 40", "maximumInstanceCount: 1001")]
    [InlineData("environmentName = 'dev'", "environmentName = 'abcdefghijklm'")]
    [InlineData("environmentName = 'dev'", "environmentName = 'd'")]
    public async Task A_parameter_that_makes_no_sense_does_not_get_as_far_as_azure(string sense, string nonsense)
    {
        using var workspace = new Workspace();
        workspace.Replace("environments/dev.bicepparam", sense, nonsense);

        Assert.NotEqual(0, (await BicepCli.RunAsync(workspace.Infra, "build-params", "environments/dev.bicepparam", "--stdout")).ExitCode);
    }
}
