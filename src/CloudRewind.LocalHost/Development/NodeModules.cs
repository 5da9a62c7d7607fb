using System.ComponentModel;
using System.Diagnostics;

namespace CloudRewind.LocalHost.Development;

/// <summary>The Node packages at the root.</summary>
internal static class NodeModules
{
    /// <summary>The script of Azurite's table service.</summary>
    public static string AzuriteTable(string root) =>
        Path.Combine(root, "node_modules", "azurite", "dist", "src", "table", "main.js");

    /// <summary>Installs what package-lock.json pins, where Azurite is not there yet. Two processes take turns.</summary>
    public static async Task EnsureAzuriteAsync(string root, Action<string> say, CancellationToken cancellationToken)
    {
        if (File.Exists(AzuriteTable(root)))
            return;
        await using var turn = await TakeTurnAsync(Path.Combine(root, ".local", "npm.lock"), cancellationToken);
        if (File.Exists(AzuriteTable(root)))
            return;

        say($"Installing Azurite, once: npm ci in {root}");
        var npm = new ProcessStartInfo(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", ["ci", "--no-audit", "--no-fund"])
        {
            WorkingDirectory = root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Start(npm);
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        if (process.ExitCode != 0 || !File.Exists(AzuriteTable(root)))
        {
            throw new HostStartException(
                $"npm ci in {root} did not install Azurite (exit code {process.ExitCode}). {await output}{await errors}".TrimEnd());
        }
    }

    /// <summary>Starts node or npm, or says that Node is missing.</summary>
    public static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new HostStartException(
                $"'{start.FileName}' could not be started ({e.Message}). The local runtime stores in Azurite, which needs Node.js 20 or " +
                "later: install it (https://nodejs.org), or set AzureWebJobsStorage to a storage account's connection string.");
        }
    }

    private static async Task<FileStream> TakeTurnAsync(string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(200, cancellationToken);
            }
        }
    }
}
