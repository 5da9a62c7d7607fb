using System.Diagnostics;
using System.Security.Cryptography;

namespace CloudRewind.TestSupport;

/// <summary>The Node packages of <c>tests/tools</c>, which check files of this repository. The app needs none of them, so that only a test installs them.</summary>
public static class NodeTools
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static readonly Lazy<Task> Installation = new(InstallOnceAsync);

    /// <summary>Where they are.</summary>
    public static string Folder { get; } = Path.Combine(Repository.Root, "tests", "tools");

    /// <summary>Installs what <c>tests/tools/package-lock.json</c> pins, where that has not been done. Test projects take turns.</summary>
    /// <exception cref="InvalidOperationException">npm did not install it; the message has what it said.</exception>
    public static Task InstallAsync() => Installation.Value;

    /// <summary>Runs a script with Node.js, at the repository's root, after what it needs is installed.</summary>
    /// <param name="script">Its path below <c>tests/tools</c>, such as <c>node_modules/PACKAGE/bin.js</c>.</param>
    /// <param name="arguments">What it is given.</param>
    public static async Task<ToolRun> RunAsync(string script, params string[] arguments)
    {
        await InstallAsync();
        return await Tool.RunAsync("node", [Path.Combine(Folder, script), .. arguments], Repository.Root);
    }

    private static async Task InstallOnceAsync()
    {
        // Written last, so that an installation which was broken off is begun again; and npm ci removes it with all the rest.
        var stamp = Path.Combine(Folder, "node_modules", ".installed");
        var wanted = Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(Folder, "package-lock.json"))));
        await using var turn = await TakeTurnAsync(Path.Combine(Repository.Root, ".local", "test-tools.lock"));
        if (File.Exists(stamp) && await File.ReadAllTextAsync(stamp) == wanted)
            return;

        var run = await Tool.RunAsync(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], Folder);
        if (run.ExitCode != 0)
            throw new InvalidOperationException($"npm ci in {Folder} ended with {run.ExitCode}. {run.Output}{run.Errors}".TrimEnd());
        await File.WriteAllTextAsync(stamp, wanted);
    }

    private static async Task<FileStream> TakeTurnAsync(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Stopwatch.GetElapsedTime(begun) < Limit)
            {
                await Task.Delay(200);
            }
        }
    }
}
