using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using CloudRewind.FunctionsHost;

namespace CloudRewind.DevStack;

/// <summary>The packages that a folder's package-lock.json pins, in its node_modules.</summary>
/// <param name="folder">The folder with package.json and package-lock.json.</param>
/// <param name="localFolder">A folder on the same disk for files that are not under version control.</param>
internal sealed class NodeModules(string folder, string localFolder)
{
    private const string StagingPrefix = "npm-";

    /// <summary>The npm command.</summary>
    public string Npm { get; init; } = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";

    /// <summary>Installs the pinned packages if any is missing. Processes wait for one another.</summary>
    /// <param name="log">Called with a message before an installation.</param>
    /// <param name="cancellationToken">Ends npm.</param>
    /// <exception cref="HostStartException">npm failed; the message has its output.</exception>
    public async Task EnsureAsync(Action<string> log, CancellationToken cancellationToken)
    {
        if (IsComplete(folder))
            return;
        await using var held = await FileLock.AcquireAsync(Path.Combine(localFolder, "npm.lock"), cancellationToken);
        if (IsComplete(folder))
            return;
        foreach (var leftover in Directory.EnumerateDirectories(localFolder, $"{StagingPrefix}*"))
            DeleteIfPossible(leftover);

        log($"Installing the Node packages of {folder}, once; that can take some minutes");
        // Not in place: the npm of a process that was killed may still be writing there.
        var staging = Path.Combine(localFolder, $"{StagingPrefix}{Guid.NewGuid():N}");
        Directory.CreateDirectory(staging);
        try
        {
            foreach (var manifest in (string[])["package.json", "package-lock.json"])
                File.Copy(Path.Combine(folder, manifest), Path.Combine(staging, manifest));
            await InstallAsync(staging, cancellationToken);
            var place = Path.Combine(folder, "node_modules");
            if (Directory.Exists(place))
                Directory.Move(place, Path.Combine(staging, "replaced"));
            Directory.Move(Path.Combine(staging, "node_modules"), place);
        }
        finally
        {
            DeleteIfPossible(staging);
        }
    }

    /// <summary>Whether everything is installed that is pinned.</summary>
    public static bool IsComplete(string folder)
    {
        // npm writes this record last: an interrupted installation has none.
        var record = Path.Combine(folder, "node_modules", ".package-lock.json");
        if (!File.Exists(record))
            return false;
        try
        {
            using var pinned = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "package-lock.json")));
            using var installed = JsonDocument.Parse(File.ReadAllText(record));
            var packages = installed.RootElement.GetProperty("packages");
            return pinned.RootElement.GetProperty("packages").EnumerateObject().All(package =>
                package.Name.Length == 0 || (packages.TryGetProperty(package.Name, out var found)
                    ? found.GetProperty("version").GetString() == package.Value.GetProperty("version").GetString()
                    : package.Value.TryGetProperty("optional", out var optional) && optional.GetBoolean()));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Starts node or npm.</summary>
    /// <exception cref="HostStartException">It is not installed.</exception>
    public static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new HostStartException(
                $"'{start.FileName}' could not be started ({error.Message}). " +
                "Development storage is Azurite, which needs Node.js 20 or later: install it (https://nodejs.org), " +
                "or set AzureWebJobsStorage to a storage account's connection string.",
                error);
        }
    }

    private async Task InstallAsync(string staging, CancellationToken cancellationToken)
    {
        using var process = Start(new ProcessStartInfo(Npm, ["ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund"])
        {
            WorkingDirectory = staging,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }

        if (process.ExitCode != 0 || !IsComplete(staging))
        {
            throw new HostStartException(
                $"npm ci did not install the packages of {Path.Combine(folder, "package-lock.json")} (exit code {process.ExitCode}). " +
                $"{await output}{await errors}".TrimEnd());
        }
    }

    private static void DeleteIfPossible(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The npm of a process that was killed may still be writing there. The next installation deletes it.
        }
    }
}
