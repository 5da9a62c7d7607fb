using CloudRewind.Infrastructure.Tests.Support;

namespace CloudRewind.Infrastructure.Tests.Deploying;

/// <summary>infra/deploy.sh.</summary>
public sealed class DeployScriptTests : IDisposable
{
    private readonly DeployFolder folder = new();

    public void Dispose() => folder.Dispose();

    [UnixFact]
    public async Task A_dry_run_prints_each_command_and_runs_none()
    {
        var (run, asked) = await folder.RunAsync(["--dry-run", "dev"], ("PATH", "/usr/bin:/bin"), ("AUTH_AUTHORITY", null), ("AUTH_AUDIENCE", null), ("AZURE_LOCATION", null));

        Assert.Equal(0, run.ExitCode);
        Assert.Empty(asked);
        Assert.Equal(
            """
            + rm -rf src/CloudRewind.Functions/bin/publish
            + dotnet publish src/CloudRewind.Functions -c Release -o src/CloudRewind.Functions/bin/publish
            + az deployment sub create --name cloudrewind-dev --location westeurope --parameters infra/environments/dev.bicepparam --output none
            + az deployment sub show --name cloudrewind-dev --query properties.outputs.SERVICE_FUNCTIONS_NAME.value --output tsv
            + az deployment sub show --name cloudrewind-dev --query properties.outputs.SERVICE_FUNCTIONS_URI.value --output tsv
            + cd src/CloudRewind.Functions/bin/publish
            + func azure functionapp publish SERVICE_FUNCTIONS_NAME --no-build --dotnet-isolated
            + cd ../../../..
            + infra/smoke-test.sh SERVICE_FUNCTIONS_URI

            """,
            run.Output);
    }

    [UnixTheory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("aws")]
    public async Task Production_must_say_whether_it_captures_or_simulates(string? provider)
    {
        var (run, asked) = await folder.RunAsync(["prod"], ("CAPTURE_PROVIDER", provider));

        Assert.NotEqual(0, run.ExitCode);
        Assert.Empty(asked);
        Assert.Contains($"CAPTURE_PROVIDER is '{provider}'", run.Errors, StringComparison.Ordinal);
        Assert.Equal(0, (await folder.RunAsync(["dev"], ("CAPTURE_PROVIDER", provider))).Run.ExitCode);
    }

    [UnixFact]
    public async Task It_builds_provisions_publishes_to_what_was_provisioned_and_asks_it()
    {
        var (run, asked) = await folder.RunAsync(["prod"]);

        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal(
            [
                "dotnet publish src/CloudRewind.Functions -c Release -o src/CloudRewind.Functions/bin/publish",
                "az deployment sub create --name cloudrewind-prod --location northeurope --parameters infra/environments/prod.bicepparam --output none",
                "az deployment sub show --name cloudrewind-prod --query properties.outputs.SERVICE_FUNCTIONS_NAME.value --output tsv",
                "az deployment sub show --name cloudrewind-prod --query properties.outputs.SERVICE_FUNCTIONS_URI.value --output tsv",
                "func azure functionapp publish the-SERVICE_FUNCTIONS_NAME --no-build --dotnet-isolated (in bin/publish)",
                "smoke-test the-SERVICE_FUNCTIONS_URI",
            ],
            asked);
    }

    [UnixTheory]
    [InlineData("dotnet", 1)]
    [InlineData("az", 2)]
    [InlineData("smoke-test", 6)]
    public async Task Where_a_step_fails_no_later_one_is_taken(string tool, int steps)
    {
        var (run, asked) = await folder.RunAsync(["dev"], ("FAILING", tool));

        Assert.Equal(7, run.ExitCode);
        Assert.Equal(steps, asked.Length);
    }

    [UnixFact]
    public async Task A_what_if_asks_azure_and_does_nothing_else()
    {
        var (run, asked) = await folder.RunAsync(["--what-if", "dev"]);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            ["az deployment sub what-if --name cloudrewind-dev --location northeurope --parameters infra/environments/dev.bicepparam --validation-level ProviderNoRbac"],
            asked);
    }

    [UnixTheory]
    [InlineData("'../dev' is no environment; there are: dev prod.", "../dev")]
    [InlineData("One environment at a time: 'dev' or 'prod'.", "dev", "prod")]
    [InlineData("'--force' is no option.", "--force", "dev")]
    public async Task Invalid_arguments_are_refused_by_name(string message, params string[] arguments)
    {
        var (run, asked) = await folder.RunAsync(arguments);

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith(message, run.Errors, StringComparison.Ordinal);
        Assert.Empty(asked);
    }

    [UnixFact]
    public async Task A_missing_setting_is_named_before_anything_is_done()
    {
        var (run, asked) = await folder.RunAsync(["dev"], ("AUTH_AUDIENCE", null));

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("AUTH_AUDIENCE is not set", run.Errors, StringComparison.Ordinal);
        Assert.Empty(asked);
    }

    [UnixFact]
    public async Task A_missing_tool_is_named_before_anything_is_done()
    {
        folder.Remove("func");

        var (run, asked) = await folder.RunAsync(["dev"]);

        Assert.Equal(3, run.ExitCode);
        Assert.StartsWith("'func' is not installed", run.Errors, StringComparison.Ordinal);
        Assert.Empty(asked);
    }
}
