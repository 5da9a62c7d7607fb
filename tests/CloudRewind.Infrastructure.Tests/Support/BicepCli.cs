using System.Reflection;
using CloudRewind.TestSupport;

namespace CloudRewind.Infrastructure.Tests.Support;

/// <summary>The Bicep CLI that the build downloaded. It asks nobody anything: the types of the resources are in it.</summary>
internal static class BicepCli
{
    // What the parameter files read from the environment; none of it is a secret.
    private static readonly (string Name, string? Value)[] Variables =
    [
        ("AUTH_AUTHORITY", "https://login.example.com/tenant"),
        ("AUTH_AUDIENCE", "api://cloud-rewind"),
        ("CAPTURE_PROVIDER", "Simulated"),
        ("ALERT_EMAILS", "operations@example.com,on-call@example.com"),
        ("AZURE_ENV_NAME", "trial"),
        ("AZURE_LOCATION", "westeurope"),
    ];

    /// <summary>Why there is none; null where there is one.</summary>
    public static string? Missing { get; } = Program is null ? "Bicep comes as a package for Linux on x64 only." : null;

    private static string? Program => typeof(BicepCli).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().SingleOrDefault(data => data.Key == "Bicep")?.Value;

    /// <summary>Runs it in a folder.</summary>
    public static async Task<BicepRun> RunAsync(string folder, params string[] arguments)
    {
        var run = await Tool.RunAsync(Program ?? throw new InvalidOperationException(Missing), arguments, folder, Variables);
        return new BicepRun(run.ExitCode, run.Output, run.Errors);
    }
}
