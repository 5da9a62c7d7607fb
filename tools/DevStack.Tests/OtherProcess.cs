using System.Collections.Concurrent;
using System.Diagnostics;
using CloudRewind.TestSupport;

namespace CloudRewind.DevStack.Tests;

/// <summary>Another process, which a test may do harm to. It is in a process group of its own, as what a terminal runs is.</summary>
internal sealed class OtherProcess : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> lines = [];
    private readonly TaskCompletionSource<string> group = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process shell;

    private OtherProcess(string[] arguments)
    {
        // With job control, bash gives what it runs beside itself a process group.
        string[] program = [.. Tool.WithDefaultSignals, "dotnet", typeof(OtherProgram).Assembly.Location, .. arguments];
        shell = Process.Start(new ProcessStartInfo("bash", ["-c", "set -m; \"$@\" & echo $!; wait", "bash", .. program])
        {
            RedirectStandardOutput = true,
        })!;
        shell.OutputDataReceived += (_, line) => Hear(line.Data ?? "");
        shell.BeginOutputReadLine();
    }

    private string Output => string.Join('\n', lines);

    /// <summary>A host with this storage.</summary>
    public static OtherProcess StartStorage(AzuriteOptions options) =>
        new([OtherProgram.Storage, options.Folder, $"{options.Ports.Blob}", $"{options.Ports.Queue}", $"{options.Ports.Table}"]);

    /// <summary>A process that holds a lock.</summary>
    public static OtherProcess StartLock(string path) => new([OtherProgram.Lock, path]);

    /// <summary>Waits until it has said so.</summary>
    public Task<string> SaysAsync(string text) =>
        Eventually.GetAsync(
            () => Task.FromResult(Output), output => output.Contains(text, StringComparison.Ordinal), $"'{text}' of the other process");

    /// <summary>Sends a signal to all of its process group, and waits until it has ended.</summary>
    public async Task EndAsync(string signal)
    {
        await Tool.RunAsync("bash", ["-c", $"kill -{signal} -- -{await group.Task}"]);
        await shell.WaitForExitAsync().WaitAsync(Eventually.Limit);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!shell.HasExited)
            await EndAsync("KILL");
        shell.Dispose();
    }

    private void Hear(string line)
    {
        if (!group.TrySetResult(line))
            lines.Enqueue(line);
    }
}
