using System.Text.Json;
using CloudRewind.LocalRuntime.DevelopmentStorage;

namespace CloudRewind.LocalRuntime.Tests.Support;

/// <summary>Runs <see cref="ChildProgram"/>, on a hub of its own.</summary>
internal sealed class ChildApp : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("child-app-").FullName;
    private readonly DotnetProgram _program;

    public ChildApp(Azurite azurite)
    {
        _program = new DotnetProgram(azurite, typeof(ChildProgram).Assembly.Location, _folder);
        File.WriteAllText(Path.Combine(_folder, "package.json"), "{}");
        File.WriteAllText(Path.Combine(_folder, "host.json"), JsonSerializer.Serialize(new
        {
            extensions = new { durableTask = new { hubName = $"T{Guid.NewGuid():N}" } },
        }));
    }

    public int ProcessId => _program.ProcessId;

    public HttpClient Http { get; private set; } = new();

    public async Task StartAsync()
    {
        Http.Dispose();
        Http = new HttpClient { BaseAddress = await _program.StartAsync(), Timeout = TestApp.Limit };
    }

    /// <inheritdoc cref="DotnetProgram.StartSecondAsync"/>
    public Task<(int ExitCode, string Error)> StartSecondAsync() => _program.StartSecondAsync();

    public void Kill() => _program.Kill();

    /// <inheritdoc cref="DotnetProgram.TerminateAsync"/>
    public Task<int> TerminateAsync() => _program.TerminateAsync();

    public void Dispose()
    {
        _program.Dispose();
        Http.Dispose();
        Directory.Delete(_folder, true);
    }
}
