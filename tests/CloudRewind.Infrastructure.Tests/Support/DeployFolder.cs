using CloudRewind.TestSupport;

namespace CloudRewind.Infrastructure.Tests.Support;

/// <summary>
/// A copy of the repository, as far as infra/deploy.sh sees it, since it empties the folder that it publishes to; with programs of the
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
            File.Copy(Path.Combine(Repository.Root, "infra", "environments", $"{name}.bicepparam"), Path.Combine(environments.FullName, $"{name}.bicepparam"));
        File.Copy(Path.Combine(Repository.Root, "infra", "deploy.sh"), Script);
        File.WriteAllText(Log, "");
        AddTool("bin/az", """case "$*" in *outputs.*.value*) echo "the-$(echo "$*" | sed 's/.*outputs\.\([A-Z_]*\)\.value.*/\1/')" ;; esac""");
        AddTool("bin/dotnet", "mkdir -p src/CloudRewind.Functions/bin/publish");
        AddTool("bin/func", "", """ (in ${PWD##*CloudRewind.Functions/})""");
        AddTool("bin/curl", "");
        AddTool("infra/smoke-test.sh", "");
    }

    private string Script => Path.Combine(root.FullName, "infra", "deploy.sh");

    private string Log => Path.Combine(root.FullName, "asked");

    public void Dispose() => root.Delete(true);

    /// <summary>Takes a program away.</summary>
    public void Remove(string tool) => File.Delete(Path.Combine(root.FullName, "bin", tool));

    /// <summary>Runs the script.</summary>
    /// <param name="arguments">What it is given.</param>
    /// <param name="variables">Environment variables; null takes one away. FAILING names a program that is to end with 7.</param>
    public async Task<(ToolRun Run, string[] Asked)> RunAsync(string[] arguments, params (string Name, string? Value)[] variables)
    {
        var run = await Shell.RunAsync(
            "bash",
            [Script, .. arguments],
            [
                ("PATH", $"{Path.Combine(root.FullName, "bin")}:/usr/bin:/bin"),
                ("AUTH_AUTHORITY", "https://login.example.com/tenant"),
                ("AUTH_AUDIENCE", "api://cloud-rewind"),
                ("AZURE_LOCATION", "northeurope"),
                ("CAPTURE_PROVIDER", "Aws"),
                .. variables,
            ]);
        return (run, await File.ReadAllLinesAsync(Log));
    }

    private void AddTool(string file, string answer, string suffix = "")
    {
        var path = Path.Combine(root.FullName, file);
        var name = Path.GetFileNameWithoutExtension(file);
        File.WriteAllText(path, $"#!/bin/bash\necho \"{name} $*{suffix}\" >> '{Log}'\n[ \"${{FAILING:-}}\" != {name} ] || exit 7\n{answer}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }
}
