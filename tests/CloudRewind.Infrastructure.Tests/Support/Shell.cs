using CloudRewind.TestSupport;

namespace CloudRewind.Infrastructure.Tests.Support;

/// <summary>Runs programs, as a person does at a prompt.</summary>
internal static class Shell
{
    /// <summary>Whether a program is on the PATH.</summary>
    public static bool Finds(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <param name="program">Its name or path.</param>
    /// <param name="arguments">What it is given.</param>
    /// <param name="variables">Environment variables; null takes one away.</param>
    public static Task<ToolRun> RunAsync(string program, string[] arguments, params (string Name, string? Value)[] variables) =>
        Tool.RunAsync(program, arguments, folder: null, variables);
}
