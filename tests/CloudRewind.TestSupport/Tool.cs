using System.Diagnostics;

namespace CloudRewind.TestSupport;

/// <summary>Runs programs that end by themselves.</summary>
public static class Tool
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The beginning of a command whose process handles signals: a shell starts what runs in its background with SIGINT and SIGQUIT ignored,
    /// nohup with SIGHUP ignored, and a process inherits that from the tests.
    /// </summary>
    public static IReadOnlyList<string> WithDefaultSignals { get; } = OperatingSystem.IsLinux() ? ["env", "--default-signal=HUP,INT,QUIT"] : [];

    /// <summary>Runs one to its end.</summary>
    /// <param name="program">Its name or path.</param>
    /// <param name="arguments">What it is given.</param>
    /// <param name="folder">Where it works; null: where the tests do.</param>
    /// <param name="variables">Environment variables; null takes one away.</param>
    /// <exception cref="TimeoutException">It does not end.</exception>
    public static async Task<ToolRun> RunAsync(
        string program, IEnumerable<string> arguments, string? folder = null, params (string Name, string? Value)[] variables)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder ?? "", RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"'{program} {string.Join(' ', start.ArgumentList)}' did not end within {Limit}.");
        }

        return new ToolRun(process.ExitCode, await output, await errors);
    }
}
