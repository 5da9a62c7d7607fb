using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using CloudRewind.FunctionsHost;

namespace CloudRewind.DevStack;

/// <summary>The Node packages that a folder's package-lock.json pins, in its node_modules.</summary>
/// <param name="folder">The folder with package.json and package-lock.json.</param>
/// <param name="localFolder">Where files may be kept that are not under version control; on the same disk.</param>
internal sealed class NodeModules(string folder, string localFolder)
{
    private const string AsidePrefix = "npm-";

    private static readonly string[] s_manifests = ["package.json", "package-lock.json"];

    /// <summary>How npm is called.</summary>
    public string Npm { get; init; } = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";

    /// <summary>Installs what is pinned where it is not there, or only a part of it is. Processes take turns.</summary>
    /// <param name="say">Gets a line for the console before something that takes its time.</param>
    /// <param name="cancellationToken">Ends npm.</param>
    /// <exception cref="HostStartException">npm did not install it; the message has what npm said.</exception>
    public async Task EnsureAsync(Action<string> say, CancellationToken cancellationToken)
    {
        if (IsWhole(folder) && !Leftovers().Any())
            return;
        await using var turn = await Turn.TakeAsync(Path.Combine(localFolder, "npm.lock"), cancellationToken);
        foreach (var leftover in Leftovers())
            DeleteIfPossible(leftover);
        if (IsWhole(folder))
            return;

        say($"Installing the Node packages of {folder}, once; that can take some minutes");
        var aside = Path.Combine(localFolder, AsidePrefix + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(aside);
        try
        {
            foreach (var manifest in s_manifests)
                File.Copy(Path.Combine(folder, manifest), Path.Combine(aside, manifest));
            await InstallAsync(aside, cancellationToken);
            PutInPlace(aside);
        }
        finally
        {
            DeleteIfPossible(aside);
        }
    }

    /// <summary>Starts node or npm.</summary>
    /// <exception cref="HostStartException">It is not there; the message says what to install.</exception>
    public static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new HostStartException(
                $"'{start.FileName}' could not be started ({e.Message}). Development storage is Azurite, which needs Node.js 20 or later: " +
                "install it (https://nodejs.org), or set AzureWebJobsStorage to a storage account's connection string.",
                e);
        }
    }

    private async Task InstallAsync(string aside, CancellationToken cancellationToken)
    {
        var npm = new ProcessStartInfo(Npm, ["ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund"])
        {
            WorkingDirectory = aside,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Start(npm);
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

        if (process.ExitCode != 0 || !IsWhole(aside))
        {
            throw new HostStartException(
                $"npm ci did not install what {Path.Combine(folder, "package-lock.json")} pins (exit code {process.ExitCode}). {await output}{await errors}".TrimEnd());
        }
    }

    private void PutInPlace(string aside)
    {
        var place = Path.Combine(folder, "node_modules");
        if (Directory.Exists(place))
            Directory.Move(place, Path.Combine(aside, "replaced"));
        Directory.Move(Path.Combine(aside, "node_modules"), place);
    }

    private IEnumerable<string> Leftovers() => Directory.Exists(localFolder) ? Directory.EnumerateDirectories(localFolder, AsidePrefix + "*") : [];

    // npm's own record of what it has installed, which it writes last: an interrupted npm ci, a user's too, leaves none.
    private static bool IsWhole(string folder)
    {
        try
        {
            using var pinned = Packages(folder, "package-lock.json");
            using var installed = Packages(folder, "node_modules", ".package-lock.json");
            return pinned.RootElement.GetProperty("packages").EnumerateObject().All(package =>
                package.Name.Length == 0 || IsInstalled(package, installed.RootElement.GetProperty("packages")));
        }
        catch (Exception e) when (e is JsonException or DirectoryNotFoundException || (e is FileNotFoundException missing && missing.FileName!.Contains("node_modules", StringComparison.Ordinal)))
        {
            return false;
        }
    }

    // An optional package may not be for this system.
    private static bool IsInstalled(JsonProperty package, JsonElement installed) =>
        installed.TryGetProperty(package.Name, out var there)
            ? there.GetProperty("version").GetString() == package.Value.GetProperty("version").GetString()
            : package.Value.TryGetProperty("optional", out var optional) && optional.GetBoolean();

    private static JsonDocument Packages(params string[] path) => JsonDocument.Parse(File.ReadAllText(Path.Combine(path)));

    private static void DeleteIfPossible(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The npm of a process that was killed may still be writing there. The next start deletes it.
        }
    }
}
