using System.Diagnostics;
using CloudRewind.TestSupport;

namespace CloudRewind.Infrastructure.Tests.Support;

/// <summary>Runs programs, as a person does at a prompt.</summary>
internal static class Shell
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Whether a program is on the PATH.</summary>
    public static bool Finds(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <param name="program">Its name or path.</param>
    /// <param name="arguments">What it is given.</param>
    /// <param name="variables">Environment variables; null takes one away.</param>
    public static async Task<ToolRun> RunAsync(string program, string[] arguments, params (string Name, string? Value)[] variables)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(Limit);
        await process.WaitForExitAsync(limit.Token);
        return new ToolRun(process.ExitCode, await output, await errors);
    }
}
