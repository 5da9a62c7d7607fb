
namespace CloudRewind.TestSupport;

/// <summary>The app under the local host, as programs: started with settings in the environment, ended as only processes can be, started again on the same port.</summary>
public sealed class AppProcess : IDisposable
{
    // A developer's own settings must not change what is tested. A blank one counts as absent, in the environment and so in local.settings.json.
    private static readonly string[] KnownSettings =
    [
        "Auth__Authority", "Auth__Audience", "Auth__Issuer", "Auth__Jwks", "Aws__HubRoleArn", "Aws__ServiceUrl", "Aws__WebIdentity__Audience", "Capture__MaxConcurrency",
        "Capture__PollInterval", "Capture__Provider", "Capture__TimeLimit", "Cors__AllowedOrigins", "Retention__Default", "Retention__PruneRetryInterval", "Simulation__StepTime",
        "Storage__ConnectionString", "Storage__TablesEndpoint", "Watchdog__Patience", "Watchdog__HistoryRetention",
    ];

    private readonly AppProgram program;

    /// <param name="settings">Environment variables; the last of a name counts.</param>
    /// <param name="appFolder">The app's folder, where it is not the one that was built with the tests.</param>
    public AppProcess(IEnumerable<(string Name, string Value)> settings, string? appFolder = null)
    {
        program = new AppProgram(appFolder ?? BuiltApp);
        foreach (var name in KnownSettings)
            Settings[name] = "";
        Settings["Logging__LogLevel__Default"] = "Information";
        foreach (var (name, value) in settings)
            Settings[name] = value;
    }

    /// <summary>The folder of the app that was built with the tests, in the same configuration.</summary>
    public static string BuiltApp { get; } = AppProgram.OutputOf("src/CloudRewind.Functions");

    public Uri BaseAddress => program.BaseAddress;

    /// <summary>The host's number.</summary>
    public int HostId => program.HostId;

    /// <inheritdoc cref="AppProgram.WorkerId"/>
    public int WorkerId => program.WorkerId;

    /// <summary>What makes an app trust these tokens, keep its data there, and be quick.</summary>
    public static (string Name, string Value)[] SettingsFor(Tokens tokens, string connectionString)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return
        [
            ("AzureWebJobsStorage", connectionString),
            ("AZURE_FUNCTIONS_ENVIRONMENT", "Production"),
            ("Auth__Jwks", tokens.Jwks),
            ("Auth__Issuer", tokens.Issuer),
            ("Auth__Audience", tokens.Audience),
            .. OutsideApp.QuickSettings,
        ];
    }

    /// <summary>What the next start sets.</summary>
    public Dictionary<string, string> Settings => program.Settings;

    /// <inheritdoc cref="AppProgram.IsRunning"/>
    public bool IsRunning => program.IsRunning;

    /// <inheritdoc cref="AppProgram.Output"/>
    public string Output => program.Output;

    /// <inheritdoc cref="AppProgram.StartAsync"/>
    public Task StartAsync() => program.StartAsync();

    /// <inheritdoc cref="AppProgram.Launch"/>
    public void Launch() => program.Launch();

    /// <summary>Starts it where it is not to keep running.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> RunToEndAsync()
    {
        program.Launch();
        return program.ExitAsync();
    }

    /// <summary>Ends one of its processes, or both, as <c>kill -9</c> does, and waits until the app is whole again.</summary>
    public async Task KillAndRecoverAsync(Victim victim)
    {
        switch (victim)
        {
            case Victim.Worker:
                var killed = program.WorkerId;
                program.KillWorker();
                await Eventually.GetAsync(() => Task.FromResult(program.WorkerId), worker => worker != killed, "another worker");
                return;
            case Victim.Host:
                await program.KillHostAsync();
                break;
            default:
                await program.KillBothAsync();
                break;
        }

        await StartAsync();
    }

    /// <inheritdoc cref="AppProgram.KillHostAsync"/>
    public Task KillHostAsync() => program.KillHostAsync();

    /// <inheritdoc cref="AppProgram.KillBothAsync"/>
    public Task KillBothAsync() => program.KillBothAsync();

    /// <summary>Asks it to end, as Ctrl+C or a platform does, and waits until it has.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopGracefullyAsync()
    {
        await program.SignalAsync("TERM");
        return await program.ExitAsync();
    }

    public void Dispose() => program.Dispose();
}
