using CloudRewind.Infrastructure.Tests.Support;
using CloudRewind.TestSupport;

namespace CloudRewind.Infrastructure.Tests.Deploying;

/// <summary>infra/deploy.sh, and infra/deploy.ps1, which does the same.</summary>
public sealed class DeployScriptTests : IDisposable
{
    private readonly DeployFolder folder = new();

    public void Dispose() => folder.Dispose();

    [UnixFact]
    public async Task A_dry_run_prints_each_command_and_needs_none_of_the_tools()
    {
        var run = await Shell.RunAsync("bash", [Path.Combine(Repository.Root, "infra", "deploy.sh"), "--dry-run", "dev"], ("PATH", "/usr/bin:/bin"), ("AZURE_LOCATION", null));

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            """
            + rm -rf src/CloudRewind.Functions/bin/publish
            + dotnet publish src/CloudRewind.Functions -c Release -o src/CloudRewind.Functions/bin/publish
            + az deployment sub create --name cloudrewind-dev --location westeurope --parameters infra/environments/dev.bicepparam --output none
            + az deployment sub show --name cloudrewind-dev --query properties.outputs.functionAppName.value --output tsv
            + az deployment sub show --name cloudrewind-dev --query properties.outputs.hostName.value --output tsv
            + cd src/CloudRewind.Functions/bin/publish
            + func azure functionapp publish functionAppName --no-build --dotnet-isolated
            + cd ../../../..
            + infra/smoke-test.sh https://hostName

            """,
            run.Output);
    }

    [UnixFact]
    public async Task The_dry_run_on_windows_prints_the_same_commands()
    {
        var (windows, asked) = await folder.RunAsync("deploy.ps1", ["--dry-run", "dev"], ("AUTH_AUTHORITY", null), ("AUTH_AUDIENCE", null));
        var (unix, _) = await folder.RunAsync("deploy.sh", ["--dry-run", "dev"]);

        Assert.Equal(0, windows.ExitCode);
        Assert.Empty(asked);
        Assert.Equal(
            unix.Output
                .Replace("+ rm -rf ", "+ Remove-Item -Recurse -Force ", StringComparison.Ordinal)
                .Replace("+ cd ", "+ Set-Location ", StringComparison.Ordinal)
                .Replace("smoke-test.sh", "smoke-test.ps1", StringComparison.Ordinal),
            windows.Output);
    }

    [UnixFact]
    public async Task The_readme_shows_what_a_dry_run_really_prints()
    {
        var run = await Shell.RunAsync("bash", [Path.Combine(Repository.Root, "infra", "deploy.sh"), "--dry-run", "dev"], ("AZURE_LOCATION", null));

        Assert.Contains($"```\n{run.Output}```", await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md")), StringComparison.Ordinal);
    }

    [UnixTheory]
    [InlineData("deploy.sh")]
    [InlineData("deploy.ps1")]
    public async Task It_builds_provisions_publishes_to_what_was_provisioned_and_asks_it(string script)
    {
        var (run, asked) = await folder.RunAsync(script, ["prod"]);

        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal(
            [
                "dotnet publish src/CloudRewind.Functions -c Release -o src/CloudRewind.Functions/bin/publish",
                "az deployment sub create --name cloudrewind-prod --location northeurope --parameters infra/environments/prod.bicepparam --output none",
                "az deployment sub show --name cloudrewind-prod --query properties.outputs.functionAppName.value --output tsv",
                "az deployment sub show --name cloudrewind-prod --query properties.outputs.hostName.value --output tsv",
                "func azure functionapp publish the-functionAppName --no-build --dotnet-isolated (in bin/publish)",
                "smoke-test https://the-hostName",
            ],
            asked);
    }

    [UnixTheory]
    [InlineData("deploy.sh", "dotnet", 1)]
    [InlineData("deploy.sh", "az", 2)]
    [InlineData("deploy.sh", "func", 5)]
    [InlineData("deploy.sh", "smoke-test", 6)]
    [InlineData("deploy.ps1", "dotnet", 1)]
    [InlineData("deploy.ps1", "az", 2)]
    [InlineData("deploy.ps1", "func", 5)]
    [InlineData("deploy.ps1", "smoke-test", 6)]
    public async Task Where_a_step_fails_no_later_one_is_taken(string script, string tool, int steps)
    {
        var (run, asked) = await folder.RunAsync(script, ["dev"], ("FAILING", tool));

        Assert.Equal(7, run.ExitCode);
        Assert.Equal(steps, asked.Length);
    }

    [UnixTheory]
    [InlineData("deploy.sh")]
    [InlineData("deploy.ps1")]
    public async Task A_what_if_asks_azure_and_does_nothing_else(string script)
    {
        var (run, asked) = await folder.RunAsync(script, ["--what-if", "dev"]);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            ["az deployment sub what-if --name cloudrewind-dev --location northeurope --parameters infra/environments/dev.bicepparam --validation-level ProviderNoRbac"],
            asked);
    }

    [UnixTheory]
    [InlineData("deploy.sh", "'test' is no environment; there are: dev prod.", "test")]
    [InlineData("deploy.ps1", "'test' is no environment; there are: dev prod.", "test")]
    [InlineData("deploy.sh", "'../dev' is no environment; there are: dev prod.", "../dev")]
    [InlineData("deploy.sh", "No environment is named.")]
    [InlineData("deploy.sh", "One environment at a time: 'dev' or 'prod'.", "dev", "prod")]
    [InlineData("deploy.sh", "'--force' is no option.", "--force", "dev")]
    [InlineData("deploy.sh", "--dry-run and --what-if exclude each other.", "--dry-run", "--what-if", "dev")]
    [InlineData("deploy.ps1", "-DryRun and -WhatIf exclude each other.", "--dry-run", "--what-if", "dev")]
    public async Task What_makes_no_sense_is_refused_by_name(string script, string message, params string[] arguments)
    {
        var (run, asked) = await folder.RunAsync(script, arguments);

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith(message, run.Errors, StringComparison.Ordinal);
        Assert.Empty(asked);
    }

    [UnixTheory]
    [InlineData("deploy.sh", "AUTH_AUTHORITY")]
    [InlineData("deploy.sh", "AUTH_AUDIENCE")]
    [InlineData("deploy.ps1", "AUTH_AUTHORITY")]
    [InlineData("deploy.ps1", "AUTH_AUDIENCE")]
    public async Task A_missing_setting_is_named_before_anything_is_done(string script, string name)
    {
        var (run, asked) = await folder.RunAsync(script, ["dev"], (name, null));

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith($"{name} is not set", run.Errors, StringComparison.Ordinal);
        Assert.Empty(asked);
    }

    [UnixTheory]
    [InlineData("deploy.sh")]
    [InlineData("deploy.ps1")]
    public async Task A_missing_tool_is_named_before_anything_is_done(string script)
    {
        folder.Remove("func");

        var (run, asked) = await folder.RunAsync(script, ["dev"]);

        Assert.Equal(3, run.ExitCode);
        Assert.StartsWith("'func' is not installed", run.Errors, StringComparison.Ordinal);
        Assert.Empty(asked);
    }
}
