using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using CloudRewind.LocalRuntime.DevelopmentStorage;

namespace CloudRewind.LocalRuntime.Tests.Support;

/// <summary>A program on the local runtime, which can be killed as only a process can, and started again.</summary>
internal sealed class DotnetProgram(Azurite azurite, params string[] arguments) : IDisposable
{
    private const int LinesKept = 100;

    private readonly ConcurrentQueue<string> _lines = new();
    private Process? _process;

    public int ProcessId => _process!.Id;

    /// <summary>What it has said last, on either stream.</summary>
    private string Said => string.Join('\n', _lines);

    /// <summary>Starts it, on a port of its own choice.</summary>
    /// <returns>Where its functions are.</returns>
    public async Task<Uri> StartAsync()
    {
        _process?.Dispose();
        _process = Launch();
        var address = new TaskCompletionSource<string>();
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var ended = _process.WaitForExitAsync();
        await Task.WhenAny(address.Task, ended).WaitAsync(TestApp.Limit);
        return address.Task.IsCompleted
            ? new Uri($"{await address.Task}/")
            : throw new InvalidOperationException($"The app did not start. It said:\n{Said}");

        void Keep(string? line)
        {
            if (line is null)
                return;
            _lines.Enqueue(line);
            while (_lines.Count > LinesKept)
                _lines.TryDequeue(out _);
            if (line.Split("Listening on ") is [_, var found])
                address.TrySetResult(found);
        }
    }

    /// <summary>Starts another process of the same program, and returns its exit code and what it says.</summary>
    public async Task<(int ExitCode, string Error)> StartSecondAsync()
    {
        using var second = Launch();
        var error = await second.StandardError.ReadToEndAsync().WaitAsync(TestApp.Limit);
        await second.WaitForExitAsync().WaitAsync(TestApp.Limit);
        return (second.ExitCode, error);
    }

    public void Kill() => _process!.Kill();

    /// <summary>Asks it to end, and returns its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", ProcessId.ToString(CultureInfo.InvariantCulture)]);
        await _process!.WaitForExitAsync().WaitAsync(TestApp.Limit);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (_process is { HasExited: false })
            Kill();
        _process?.WaitForExit();
        _process?.Dispose();
    }

    private Process Launch() => Process.Start(new ProcessStartInfo("dotnet", arguments)
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment =
        {
            ["AzureWebJobsStorage"] = TestStorage.ConnectionString(azurite),
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
        },
    })!;
}
