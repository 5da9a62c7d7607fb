using CloudRewind.Infrastructure.Tests.Support;
using CloudRewind.TestSupport;

namespace CloudRewind.Infrastructure.Tests.Deploying;

/// <summary>infra/deploy.sh, with programs of the names of az, dotnet, func and curl that write down what they were asked to do.</summary>
public sealed class DeployScriptTests : IDisposable
{
    private static readonly string Script = Path.Combine(Repository.Root, "infra", "deploy.sh");

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("deploy-");

    public void Dispose() => folder.Delete(true);

    [UnixFact]
    public async Task A_dry_run_prints_each_command_and_needs_none_of_the_tools()
    {
        var run = await Shell.RunAsync("bash", [Script, "--dry-run", "dev"], ("PATH", "/usr/bin:/bin"), ("AZURE_LOCATION", null));

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            """
            + rm -rf artifacts/functionapp
            + dotnet publish src/CloudRewind.Functions -c Release -p:FunctionsRuntime=Azure -o artifacts/functionapp
            + az deployment sub create --name cloudrewind-dev --location westeurope --parameters infra/environments/dev.bicepparam --output none
            + az deployment sub show --name cloudrewind-dev --query properties.outputs.functionAppName.value --output tsv
            + az deployment sub show --name cloudrewind-dev --query properties.outputs.hostName.value --output tsv
            + cd artifacts/functionapp
            + func azure functionapp publish functionAppName --no-build --dotnet-isolated
            + cd ../..
            + infra/smoke-test.sh https://hostName

            """,
            run.Output);
    }

    [UnixFact]
    public async Task It_builds_provisions_publishes_to_what_was_provisioned_and_asks_it()
    {
        var (run, asked) = await DeployAsync("prod");

        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal(
            [
                "dotnet publish src/CloudRewind.Functions -c Release -p:FunctionsRuntime=Azure -o artifacts/functionapp",
                "az deployment sub create --name cloudrewind-prod --location northeurope --parameters infra/environments/prod.bicepparam --output none",
                "az deployment sub show --name cloudrewind-prod --query properties.outputs.functionAppName.value --output tsv",
                "az deployment sub show --name cloudrewind-prod --query properties.outputs.hostName.value --output tsv",
                "func azure functionapp publish the-functionAppName --no-build --dotnet-isolated (in functionapp)",
            ],
            asked.Where(line => !line.StartsWith("curl", StringComparison.Ordinal)));
        Assert.Contains(asked, line => line.EndsWith("https://the-hostName/api/health/ready", StringComparison.Ordinal));
    }

    [UnixTheory]
    [InlineData("dotnet", 1)]
    [InlineData("az", 2)]
    [InlineData("func", 5)]
    public async Task Where_a_step_fails_no_later_one_is_taken(string tool, int steps)
    {
        var (run, asked) = await DeployAsync("dev", ("FAILING", tool));

        Assert.Equal(7, run.ExitCode);
        Assert.Equal(steps, asked.Length);
    }

    [UnixFact]
    public async Task A_what_if_asks_azure_and_does_nothing_else()
    {
        var (run, asked) = await RunAsync(["--what-if", "dev"]);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["az deployment sub what-if --name cloudrewind-dev --location northeurope --parameters infra/environments/dev.bicepparam"], asked);
    }

    [UnixTheory]
    [InlineData("'test' is no environment; there are: dev prod.", "test")]
    [InlineData("'../dev' is no environment; there are: dev prod.", "../dev")]
    [InlineData("No environment is named.")]
    [InlineData("One environment at a time: 'dev' or 'prod'.", "dev", "prod")]
    [InlineData("'--force' is no option.", "--force", "dev")]
    [InlineData("--dry-run and --what-if exclude each other.", "--dry-run", "--what-if", "dev")]
    public async Task What_makes_no_sense_is_refused_by_name(string message, params string[] arguments)
    {
        var (run, asked) = await RunAsync(arguments);

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith(message, run.Errors, StringComparison.Ordinal);
        Assert.Empty(asked);
    }

    [UnixTheory]
    [InlineData("AUTH_AUTHORITY")]
    [InlineData("AUTH_AUDIENCE")]
    public async Task A_missing_setting_is_named_before_anything_is_done(string name)
    {
        var (run, asked) = await DeployAsync("dev", (name, null));

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith($"{name} is not set", run.Errors, StringComparison.Ordinal);
        Assert.Empty(asked);
    }

    [UnixFact]
    public async Task A_missing_tool_is_named_before_anything_is_done()
    {
        var (run, asked) = await RunAsync(["dev"], leaveOut: "func");

        Assert.Equal(3, run.ExitCode);
        Assert.StartsWith("'func' is not installed", run.Errors, StringComparison.Ordinal);
        Assert.Empty(asked);
    }

    private Task<(ToolRun Run, string[] Asked)> DeployAsync(string environment, params (string Name, string? Value)[] variables) => RunAsync([environment], null, variables);

    // In a copy of the repository, as far as the script sees it, since it empties the folder that it publishes to.
    private async Task<(ToolRun Run, string[] Asked)> RunAsync(string[] arguments, string? leaveOut = null, params (string Name, string? Value)[] variables)
    {
        var infra = folder.CreateSubdirectory("infra/environments");
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(Script)!, "*.sh"))
            File.Copy(file, Path.Combine(infra.Parent!.FullName, Path.GetFileName(file)));
        foreach (var name in new[] { "dev", "prod" })
            await File.WriteAllTextAsync(Path.Combine(infra.FullName, $"{name}.bicepparam"), "");
        folder.CreateSubdirectory("bin");
        var log = Path.Combine(folder.FullName, "asked");
        await File.WriteAllTextAsync(log, "");
        AddTool("az", """case "$*" in *outputs.*.value*) echo "the-$(echo "$*" | sed 's/.*outputs\.\([A-Za-z]*\)\.value.*/\1/')" ;; esac""");
        AddTool("dotnet", "mkdir -p artifacts/functionapp");
        AddTool("func", "", """ (in $(basename "$PWD"))""");
        AddTool("curl", """case "$*" in *ready) printf '\n200' ;; *) printf 'token-missing\n401' ;; esac""");
        if (leaveOut is not null)
            File.Delete(Path.Combine(folder.FullName, "bin", leaveOut));

        var run = await Shell.RunAsync(
            "bash",
            [Path.Combine(folder.FullName, "infra", "deploy.sh"), .. arguments],
            [
                ("PATH", $"{Path.Combine(folder.FullName, "bin")}:/usr/bin:/bin"),
                ("AUTH_AUTHORITY", "https://login.example.com/tenant"),
                ("AUTH_AUDIENCE", "api://cloud-rewind"),
                ("AZURE_LOCATION", "northeurope"),
                .. variables,
            ]);
        return (run, await File.ReadAllLinesAsync(log));

        void AddTool(string name, string answer, string suffix = "")
        {
            var path = Path.Combine(folder.FullName, "bin", name);
            File.WriteAllText(path, $"#!/bin/bash\necho \"{name} $*{suffix}\" >> '{log}'\n[ \"${{FAILING:-}}\" != {name} ] || exit 7\n{answer}\n");
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }
}
