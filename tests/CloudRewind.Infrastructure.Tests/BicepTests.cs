using CloudRewind.Infrastructure.Tests.Support;
using CloudRewind.TestSupport;

namespace CloudRewind.Infrastructure.Tests;

public sealed class BicepTests
{
    [BicepFact]
    public async Task No_file_has_anything_to_remark_on()
    {
        using var workspace = new Workspace();
        // "use-recent-api-versions" goes by today's date: a stricter limit than that of bicepconfig.json would fail one day, though nothing has changed.
        (await BicepCli.RunAsync(workspace.Infra, "lint", "--pattern", "**/*.bicep")).Clean();
    }

    /// <summary>The types of all resources ship with the CLI: what it does not know is a warning (BCP081).</summary>
    [BicepFact]
    public async Task Every_resource_fits_the_type_of_its_api_version()
    {
        using var workspace = new Workspace();
        (await BicepCli.RunAsync(workspace.Infra, "build", "main.bicep", "--stdout")).Clean();

        workspace.Replace("modules/network.bicep", "natGateways@2025-01-01", "natGateways@2025-01-02");

        Assert.Contains("BCP081", (await BicepCli.RunAsync(workspace.Infra, "build", "modules/network.bicep", "--stdout")).Remarks, StringComparison.Ordinal);
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

        (await BicepCli.RunAsync(workspace.Infra, "format", "--pattern", "**/*.bicep*")).Clean();

        foreach (var file in Directory.EnumerateFiles(workspace.Infra, "*.bicep*", SearchOption.AllDirectories))
        {
            var original = Path.Combine(Repository.Root, "infra", Path.GetRelativePath(workspace.Infra, file));
            Assert.Equal(await File.ReadAllTextAsync(original), await File.ReadAllTextAsync(file));
        }
    }

    [BicepTheory]
    [InlineData("'Simulated'", "'Magic'")]
    [InlineData("Retention__Default: ", "Retention__Defualt: ")]
    [InlineData("environmentName = 'dev'", "environmentName = 'abcdefghijklm'")]
    public async Task An_invalid_parameter_does_not_get_as_far_as_azure(string valid, string invalid)
    {
        using var workspace = new Workspace();
        workspace.Replace("environments/dev.bicepparam", valid, invalid);

        Assert.NotEqual(0, (await BicepCli.RunAsync(workspace.Infra, "build-params", "environments/dev.bicepparam", "--stdout")).ExitCode);
    }

    [BicepFact]
    public async Task A_role_in_AWS_without_the_audience_of_its_token_does_not_get_as_far_as_azure()
    {
        using var workspace = new Workspace();
        workspace.Replace("environments/dev.bicepparam", "readEnvironmentVariable('AWS_HUB_ROLE_ARN', '')", "'arn:aws:iam::111111111111:role/cloud-rewind-hub'");

        var run = await BicepCli.RunAsync(workspace.Infra, "snapshot", "environments/dev.bicepparam", "--subscription-id", Guid.Empty.ToString());

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("both, or neither", run.Remarks + run.Output, StringComparison.Ordinal);
    }

    [BicepFact]
    public async Task An_app_in_zones_with_storage_in_none_does_not_get_as_far_as_azure()
    {
        using var workspace = new Workspace();
        workspace.Replace("environments/prod.bicepparam", "'Standard_GZRS'", "'Standard_GRS'");

        var run = await BicepCli.RunAsync(workspace.Infra, "snapshot", "environments/prod.bicepparam", "--subscription-id", Guid.Empty.ToString());

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("zoneRedundant takes storage in three zones", run.Remarks + run.Output, StringComparison.Ordinal);
    }
}
