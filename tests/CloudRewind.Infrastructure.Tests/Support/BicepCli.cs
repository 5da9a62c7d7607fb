using System.Diagnostics;
using System.Reflection;

namespace CloudRewind.Infrastructure.Tests.Support;

/// <summary>The Bicep CLI that the build downloaded. It asks nobody anything: the types of the resources are in it.</summary>
internal static class BicepCli
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    // What the parameter files read from the environment; none of it is a secret.
    private static readonly Dictionary<string, string> Variables = new(StringComparer.Ordinal)
    {
        ["AUTH_AUTHORITY"] = "https://login.example.com/tenant",
        ["AUTH_AUDIENCE"] = "api://cloud-rewind",
        ["ALERT_EMAILS"] = "operations@example.com,on-call@example.com",
        ["AZURE_ENV_NAME"] = "trial",
        ["AZURE_LOCATION"] = "westeurope",
    };

    /// <summary>Why there is none; null where there is one.</summary>
    public static string? Missing { get; } = Tool is null ? "Bicep comes as a package for Linux on x64 only." : null;

    private static string? Tool => typeof(BicepCli).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().SingleOrDefault(data => data.Key == "Bicep")?.Value;

    /// <summary>Runs it in a folder.</summary>
    public static async Task<BicepRun> RunAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(Tool ?? throw new InvalidOperationException(Missing), arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(Limit);
        await process.WaitForExitAsync(limit.Token);
        return new BicepRun(process.ExitCode, await output, await errors);
    }
}
