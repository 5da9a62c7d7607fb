namespace CloudRewind.Benchmarks.Support;

/// <summary>
/// The probe: a small app with the same worker packages, HTTP functions that answer at once and ask for no token, a
/// timer and the Durable engine. It runs under the same host with the app's host.json: what it costs, any app would.
/// </summary>
internal sealed class MeasuredProbe : IDisposable
{
    /// <summary>A function that answers 200 and a few bytes.</summary>
    public const string TrivialPath = "/api/process";

    private readonly DirectoryInfo notes = Directory.CreateTempSubdirectory("cloudrewind-probe-");
    private readonly AppProgram program;

    /// <param name="storage">The runtime's storage.</param>
    public MeasuredProbe(string storage)
    {
        program = new AppProgram(AppProgram.OutputOf("tools/FunctionsHost.Probe"), storage);
        foreach (var (name, value) in HostJson.ForAnotherApp)
            program.Settings[name] = value;
        program.Settings["AZURE_FUNCTIONS_ENVIRONMENT"] = "Production";
        program.Settings["Probe__Folder"] = notes.FullName;
        program.Settings["Probe__Schedule"] = "0 0 0 1 1 *"; // once a year
        Client = new ApiClient(program.BaseAddress);
        Children.Add(this, () => program.HostId);
    }

    public ApiClient Client { get; }

    /// <inheritdoc cref="AppProgram.Launch"/>
    public void Launch() => program.Launch();

    /// <inheritdoc cref="AppProgram.StartAsync"/>
    public Task StartAsync() => program.StartAsync();

    /// <summary>Asks it to end, and waits until it has.</summary>
    public async Task StopAsync()
    {
        await program.SignalAsync("TERM");
        await program.ExitAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Children.Remove(this);
        Client.Dispose();
        program.Dispose();
        notes.Delete(recursive: true);
    }
}
