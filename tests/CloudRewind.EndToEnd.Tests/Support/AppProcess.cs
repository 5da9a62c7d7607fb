using System.Reflection;
using CloudRewind.TestSupport;

namespace CloudRewind.EndToEnd.Tests.Support;

/// <summary>The app as a program: started with settings in its environment, ended as only a process can be, started again on the same port.</summary>
internal sealed class AppProcess : IDisposable
{
    // A developer's own settings must not change what is tested. A blank one counts as absent, in the environment and so in local.settings.json.
    private static readonly string[] KnownSettings =
    [
        "Auth__Authority", "Auth__Audience", "Auth__Issuer", "Auth__Jwks", "Aws__ServiceUrl", "Capture__MaxConcurrency", "Capture__PollInterval",
        "Capture__Provider", "Capture__TimeLimit", "Cors__AllowedOrigins", "Retention__Default", "Retention__PruneRetryInterval", "Simulation__StepTime",
        "Storage__ConnectionString", "Storage__TablesEndpoint", "Watchdog__Patience",
    ];

    private readonly AppProgram program;

    /// <param name="settings">Environment variables; the last of a name counts.</param>
    /// <param name="program">The app's assembly, where it is not the one that was built with the tests.</param>
    public AppProcess(IEnumerable<(string Name, string Value)> settings, string? program = null)
    {
        this.program = new AppProgram(program ?? BuiltProgram);
        foreach (var name in KnownSettings)
            Settings[name] = "";
        Settings["Logging__LogLevel__Default"] = "Information";
        foreach (var (name, value) in settings)
            Settings[name] = value;
    }

    /// <summary>The assembly that was built with the tests, in the same configuration.</summary>
    public static string BuiltProgram { get; } = Path.Combine(
        Repository.Root,
        "src",
        "CloudRewind.Functions",
        "bin",
        typeof(AppProcess).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration,
        Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)),
        "CloudRewind.Functions.dll");

    public Uri BaseAddress => program.BaseAddress;

    /// <summary>What the next start sets.</summary>
    public Dictionary<string, string> Settings => program.Settings;

    /// <inheritdoc cref="AppProgram.Output"/>
    public string Output => program.Output;

    /// <inheritdoc cref="AppProgram.StartAsync"/>
    public Task StartAsync() => program.StartAsync();

    /// <summary>Starts it where it is not to keep running.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> RunToEndAsync()
    {
        program.Launch();
        return program.ExitAsync();
    }

    /// <inheritdoc cref="AppProgram.Kill"/>
    public void Kill() => program.Kill();

    /// <summary>Asks it to end, as Ctrl+C or a host does.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopGracefullyAsync()
    {
        await program.SignalAsync("TERM");
        return await program.ExitAsync();
    }

    public void Dispose() => program.Dispose();
}
