using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CloudRewind.LocalRuntime.DevelopmentStorage;

namespace CloudRewind.LocalRuntime.Tests.Support;

/// <summary>Runs <see cref="ChildProgram"/>, which can be killed as only a process can.</summary>
internal sealed class ChildApp : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("child-app-").FullName;
    private readonly Azurite _azurite;
    private Process _process = new();

    public ChildApp(Azurite azurite)
    {
        _azurite = azurite;
        File.WriteAllText(Path.Combine(_folder, "package.json"), "{}");
        File.WriteAllText(Path.Combine(_folder, "host.json"), JsonSerializer.Serialize(new
        {
            extensions = new { durableTask = new { hubName = $"T{Guid.NewGuid():N}" } },
        }));
    }

    public int ProcessId => _process.Id;

    public HttpClient Http { get; private set; } = new();

    public async Task StartAsync()
    {
        _process.Dispose();
        Http.Dispose();
        _process = Launch();
        while (await _process.StandardOutput.ReadLineAsync().WaitAsync(TestApp.Limit) is { } line)
        {
            if (line.Split("Listening on ") is [_, var address])
            {
                Http = new HttpClient { BaseAddress = new Uri($"{address}/"), Timeout = TestApp.Limit };
                // A pipe that nobody reads would hold up the app once it is full.
                _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
                return;
            }
        }

        throw new InvalidOperationException($"The app did not start: {await _process.StandardError.ReadToEndAsync()}");
    }

    /// <summary>Starts another process on the same hub, and returns its exit code and what it says.</summary>
    public async Task<(int ExitCode, string Error)> StartSecondAsync()
    {
        using var second = Launch();
        var error = await second.StandardError.ReadToEndAsync().WaitAsync(TestApp.Limit);
        await second.WaitForExitAsync().WaitAsync(TestApp.Limit);
        return (second.ExitCode, error);
    }

    public void Kill() => _process.Kill();

    /// <summary>Asks it to end, and returns its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", ProcessId.ToString(CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync().WaitAsync(TestApp.Limit);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.WaitForExit();
        _process.Dispose();
        Http.Dispose();
        Directory.Delete(_folder, true);
    }

    private Process Launch() => Process.Start(new ProcessStartInfo("dotnet", [typeof(ChildProgram).Assembly.Location, _folder])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment =
        {
            ["AzureWebJobsStorage"] = TestStorage.ConnectionString(_azurite),
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
        },
    })!;
}
