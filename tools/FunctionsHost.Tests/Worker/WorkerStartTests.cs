using CloudRewind.FunctionsHost.Tests.Support;
using CloudRewind.TestSupport;

namespace CloudRewind.FunctionsHost.Tests.Worker;

/// <summary>A worker that does not start ends the host, with the worker's own words.</summary>
[Collection(OwnHosts.Name)]
public sealed class WorkerStartTests(StorageFixture storage)
{
    [Fact]
    public async Task A_worker_that_crashes_at_start_ends_the_host()
    {
        using var host = new HostProgram(storage.ConnectionString);
        host.Notes.Add("crash");
        var (exitCode, output) = await host.RunAsync();
        Assert.Equal(1, exitCode);
        Assert.Contains("The probe was told to crash.", output, StringComparison.Ordinal);
        Assert.Contains("before it had started", output, StringComparison.Ordinal);
        Assert.DoesNotContain("at CloudRewind.FunctionsHost.Worker", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json", "worker.config.json cannot be read")]
    [InlineData("""{ "description": {} }""", "worker.config.json cannot be read")]
    [InlineData("""{ "description": { "defaultExecutablePath": "no-such-program", "defaultWorkerPath": "App.dll" } }""",
        "'no-such-program' could not be started")]
    [InlineData("""{ "description": { "defaultExecutablePath": "dotnet", "defaultWorkerPath": "NoSuchApp.dll" } }""", "NoSuchApp.dll")]
    public async Task A_worker_that_cannot_be_started_ends_the_host(string config, string message)
    {
        using var app = AppFolder.Create(workerConfig: config);
        using var host = new HostProgram(storage.ConnectionString) { AppFolder = app.Path };
        var (exitCode, output) = await host.RunAsync();
        Assert.Equal(1, exitCode);
        Assert.Contains(message, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_that_cannot_be_replaced_ends_the_host()
    {
        using var host = new HostProgram(storage.ConnectionString);
        await host.StartAsync();
        host.Notes.Add("crash");
        HostProgram.Kill(host.WorkerId);
        Assert.Equal(1, await host.ExitAsync());
        Assert.Contains("The probe was told to crash.", host.Output, StringComparison.Ordinal);
        Assert.Contains("The host ends.", host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_worker_ends_with_a_host_that_is_killed()
    {
        using var host = new HostProgram(storage.ConnectionString);
        await host.StartAsync();
        HostProgram.Kill(host.ProcessId);
        await HostProgram.UntilGoneAsync(host.WorkerId);
    }

    [SkippableFact]
    public async Task A_stop_while_the_worker_is_being_replaced_leaves_none()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals.");
        using var host = new HostProgram(storage.ConnectionString);
        await host.StartAsync();
        HostProgram.Kill(host.WorkerId);
        await host.UntilSaidAsync("another is started");
        await host.SignalAsync("TERM");
        Assert.Equal(0, await host.ExitAsync());
        foreach (var worker in host.Notes.Lines("started"))
            await HostProgram.UntilGoneAsync(int.Parse(worker, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_worker_can_be_made_to_wait_for_a_debugger()
    {
        using var host = new HostProgram(storage.ConnectionString);
        host.Options = [.. host.Options, "--wait-for-debugger"];
        host.Launch();
        await host.UntilSaidAsync("waits for a debugger");
        Assert.Empty(host.Notes.Lines("started"));
        Assert.True(AppProgram.Exists(host.ProcessId), host.Output);
    }
}
