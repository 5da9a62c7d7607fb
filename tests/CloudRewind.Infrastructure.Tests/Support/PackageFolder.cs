using CloudRewind.TestSupport;

namespace CloudRewind.Infrastructure.Tests.Support;

/// <summary>
/// What a publish makes, as far as infra/check-package.sh looks at it, and the script beside it; with a <c>dotnet</c> in place of the local host that
/// says it listens, and ends when it is told to.
/// </summary>
internal sealed class PackageFolder : IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("package-");

    public PackageFolder()
    {
        Write("host.json", """{ "extensions": { "durableTask": {} } }""");
        Write("worker.config.json", """{ "description": { "defaultWorkerPath": "CloudRewind.Functions.dll" } }""");
        Write("functions.metadata", """[{ "entryPoint": "CloudRewind.Functions.Run" }]""");
        Write("extensions.json", """{ "extensions": [{ "hintPath": "./.azurefunctions/Microsoft.Azure.WebJobs.Extensions.DurableTask.dll" }] }""");
        Write(".azurefunctions/Microsoft.Azure.WebJobs.Extensions.DurableTask.dll", "code");
        Write(".azurefunctions/DurableTask.AzureStorage.dll", "code");
        Write(".azurefunctions/function.deps.json", """
            { "targets": { ".NETCoreApp,Version=v8.0": {
              "Microsoft.Azure.DurableTask.AzureStorage/2.0.0": { "runtime": { "lib/netstandard2.0/DurableTask.AzureStorage.dll": {} } },
              "Microsoft.Extensions.Logging/8.0.0": { "runtime": { "lib/net8.0/Microsoft.Extensions.Logging.dll": {} } } } } }
            """);
        Write("CloudRewind.Functions.dll", "code");

        WriteBeside("infra/check-package.sh", File.ReadAllText(Path.Combine(Repository.Root, "infra", "check-package.sh")));
        WriteBeside("tools/DevStack/bin/Release/net10.0/CloudRewind.DevStack.dll", "code");
        WriteBeside(".local/dev-token", "the-token");
        WriteBeside("asked", "");
        AddProgram("infra/smoke-test.sh", """
            echo "smoke-test $* with $SMOKE_TOKEN of $SMOKE_ACCOUNT_ID" >> asked
            [ "${FAILING:-}" != smoke-test ]
            """);
        AddProgram("bin/dotnet", """
            echo "dotnet $*" >> asked
            echo 'The local host speaks.'
            [ "${FAILING:-}" != start ] || exit 1
            trap 'echo "dotnet was told to end" >> asked; [ "${FAILING:-}" != end ] || exit 3; exit 0' TERM
            echo "Listening on ${!#}"
            while :; do sleep 0.1; done
            """);
    }

    private string Package => Path.Combine(root.FullName, "package");

    public void Dispose() => root.Delete(true);

    /// <summary>Puts a file into the package.</summary>
    public void Write(string file, string content) => WriteBeside(Path.Combine("package", file), content);

    /// <summary>Takes a file out of it.</summary>
    public void Remove(string file) => File.Delete(Path.Combine(Package, file));

    /// <summary>Takes all of it away.</summary>
    public void RemoveAll() => Directory.Delete(Package, true);

    /// <summary>Runs the script on it.</summary>
    /// <param name="option">Before the folder.</param>
    /// <param name="failing">What is to go wrong: <c>start</c>, <c>smoke-test</c> or <c>end</c>.</param>
    public async Task<(ToolRun Run, string[] Asked)> CheckAsync(string? option = null, string? failing = null)
    {
        var run = await Shell.RunAsync(
            "bash",
            [Path.Combine(root.FullName, "infra", "check-package.sh"), .. option is null ? Array.Empty<string>() : [option], Package],
            ("PATH", $"{Path.Combine(root.FullName, "bin")}:/usr/bin:/bin"),
            ("SMOKE_TOKEN", null),
            ("SMOKE_ACCOUNT_ID", null),
            ("FAILING", failing));
        return (run, await File.ReadAllLinesAsync(Path.Combine(root.FullName, "asked")));
    }

    private void AddProgram(string file, string script)
    {
        WriteBeside(file, $"#!/bin/bash\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.Combine(root.FullName, file), UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private void WriteBeside(string file, string content)
    {
        var path = Path.Combine(root.FullName, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}
