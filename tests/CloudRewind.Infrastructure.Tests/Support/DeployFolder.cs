using CloudRewind.TestSupport;

namespace CloudRewind.Infrastructure.Tests.Support;

/// <summary>
/// A copy of the repository, as far as the deployment scripts see it, since they empty the folder that they publish to; with programs of the
/// names of az, dotnet, func and curl that write down what they were asked to do.
/// </summary>
internal sealed class DeployFolder : IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("deploy-");

    public DeployFolder()
    {
        root.CreateSubdirectory("bin");
        var environments = root.CreateSubdirectory("infra/environments");
        foreach (var name in new[] { "dev", "prod" })
            File.WriteAllText(Path.Combine(environments.FullName, $"{name}.bicepparam"), "");
        foreach (var script in new[] { "deploy.sh", "deploy.ps1" })
            File.Copy(Path.Combine(Repository.Root, "infra", script), Path.Combine(root.FullName, "infra", script));
        File.WriteAllText(Log, "");
        AddTool("bin/az", """case "$*" in *outputs.*.value*) echo "the-$(echo "$*" | sed 's/.*outputs\.\([A-Za-z]*\)\.value.*/\1/')" ;; esac""");
        AddTool("bin/dotnet", "mkdir -p src/CloudRewind.Functions/bin/publish");
        AddTool("bin/func", "", """ (in ${PWD##*CloudRewind.Functions/})""");
        AddTool("bin/curl", "");
        AddTool("infra/smoke-test.sh", "");
        File.WriteAllText(
            Path.Combine(root.FullName, "infra", "smoke-test.ps1"),
            $"Add-Content '{Log}' \"smoke-test $args\"\nif ($env:FAILING -eq 'smoke-test') {{ exit 7 }}\n");
    }

    private string Log => Path.Combine(root.FullName, "asked");

    public void Dispose() => root.Delete(true);

    /// <summary>Takes a program away.</summary>
    public void Remove(string tool) => File.Delete(Path.Combine(root.FullName, "bin", tool));

    /// <summary>Runs a script.</summary>
    /// <param name="script">deploy.sh or deploy.ps1.</param>
    /// <param name="arguments">As deploy.sh takes them.</param>
    /// <param name="variables">Environment variables; null takes one away. FAILING names a program that is to end with 7.</param>
    public async Task<(ToolRun Run, string[] Asked)> RunAsync(string script, string[] arguments, params (string Name, string? Value)[] variables)
    {
        var (program, command) = Shell.Script(Path.Combine(root.FullName, "infra", script), [.. arguments.Select(argument => Option(script, argument))]);
        var run = await Shell.RunAsync(
            program,
            command,
            [
                ("PATH", $"{Path.Combine(root.FullName, "bin")}:/usr/bin:/bin"),
                ("AUTH_AUTHORITY", "https://login.example.com/tenant"),
                ("AUTH_AUDIENCE", "api://cloud-rewind"),
                ("AZURE_LOCATION", "northeurope"),
                .. variables,
            ]);
        return (run, await File.ReadAllLinesAsync(Log));
    }

    private static string Option(string script, string argument) => script == "deploy.sh" ? argument : argument switch
    {
        "--dry-run" => "-DryRun",
        "--what-if" => "-WhatIf",
        _ => argument,
    };

    private void AddTool(string file, string answer, string suffix = "")
    {
        var path = Path.Combine(root.FullName, file);
        var name = Path.GetFileNameWithoutExtension(file);
        File.WriteAllText(path, $"#!/bin/bash\necho \"{name} $*{suffix}\" >> '{Log}'\n[ \"${{FAILING:-}}\" != {name} ] || exit 7\n{answer}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }
}
