using System.Net;
using System.Net.Sockets;
using CloudRewind.FunctionsHost.Tests.Support;
using CloudRewind.TestSupport;

namespace CloudRewind.FunctionsHost.Tests.Starting;

/// <summary>What the host is told, and what it says where that is wrong.</summary>
[Collection(OwnHosts.Name)]
public sealed class StartTests(StorageFixture storage)
{
    [Fact]
    public async Task Without_an_app_it_says_how_it_is_used()
    {
        using var host = new HostProgram { AppFolder = null };
        await EndsAsync(host, "usage: APP_FOLDER");
    }

    [Fact]
    public async Task A_folder_that_is_no_app_is_named()
    {
        using var app = AppFolder.Create(hostJson: null);
        using var host = new HostProgram { AppFolder = app.Path };
        await EndsAsync(host, $"{app.Path} has no host.json");
    }

    [Fact]
    public async Task An_invalid_host_json_is_named()
    {
        using var app = AppFolder.Create(hostJson: "{ nonsense");
        using var host = new HostProgram { AppFolder = app.Path };
        await EndsAsync(host, Path.Combine(app.Path, "host.json") + " cannot be read");
    }

    [Fact]
    public async Task An_invalid_time_limit_is_named()
    {
        using var app = AppFolder.Create(hostJson: """{ "functionTimeout": "soon" }""");
        using var host = new HostProgram { AppFolder = app.Path };
        await EndsAsync(host, "functionTimeout in host.json is 'soon'");
    }

    [Fact]
    public async Task Encrypted_settings_are_refused()
    {
        using var app = AppFolder.Create(localSettings: """{ "IsEncrypted": true, "Values": {} }""");
        using var host = new HostProgram { AppFolder = app.Path };
        await EndsAsync(host, "local.settings.json is encrypted");
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("https://localhost:7071")]
    [InlineData("http://localhost:7071/api")]
    [InlineData("http://example.com:7071")]
    [InlineData("http://localhost:70710")]
    public async Task An_address_that_cannot_be_listened_on_is_named(string address)
    {
        using var option = new HostProgram { Options = ["--urls", address] };
        await EndsAsync(option, $"--urls is '{address}'");
        using var variable = new HostProgram { Options = [] };
        variable.Settings["ASPNETCORE_URLS"] = address;
        await EndsAsync(variable, $"ASPNETCORE_URLS is '{address}'");
    }

    [Fact]
    public async Task An_unknown_option_is_named()
    {
        using var host = new HostProgram { Options = ["--nonsense"] };
        await EndsAsync(host, "'--nonsense' is not an option of the host.");
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        using var host = new HostProgram(storage.ConnectionString);
        using var other = new TcpListener(IPAddress.Loopback, host.BaseAddress.Port);
        other.Start();
        await EndsAsync(host, $"{host.BaseAddress.Port}: address already in use.");
        Assert.Empty(host.Notes.Lines("started"));
    }

    [Fact]
    public async Task Local_settings_reach_the_worker_but_the_environment_comes_first()
    {
        using var app = AppFolder.OfProbe("""
            { "IsEncrypted": false,
              "Values": { "PROBE_ONE": "of the file", "PROBE_TWO": "of the file", "PROBE:THREE": "of the file" } }
            """);
        using var host = new HostProgram(storage.ConnectionString) { AppFolder = app.Path };
        host.Settings["PROBE_TWO"] = "of the environment";
        await host.StartAsync();
        Assert.Equal("of the file", await host.Client.GetStringAsync("api/settings/PROBE_ONE"));
        Assert.Equal("of the environment", await host.Client.GetStringAsync("api/settings/PROBE_TWO"));
        Assert.Equal("of the file", await host.Client.GetStringAsync("api/settings/PROBE__THREE"));
    }

    [Fact]
    public async Task A_connection_string_that_is_none_is_refused()
    {
        using var host = new HostProgram("nonsense");
        await EndsAsync(host, "AzureWebJobsStorage is not a connection string for blobs, queues and tables");
    }

    [SkippableFact]
    public async Task Storage_that_does_not_answer_is_said_and_waited_for_and_does_not_keep_a_host_from_ending()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals.");
        using var host = new HostProgram(StorageEmulator.ConnectionStringOf(FreePort.Take(), FreePort.Take(), FreePort.Take()));
        host.Launch();
        await host.UntilSaidAsync("Storage does not answer yet");
        using var early = await host.Client.GetAsync("api/process");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, early.StatusCode);
        await host.SignalAsync("TERM");
        Assert.Equal(0, await host.ExitAsync());
    }

    private static async Task EndsAsync(HostProgram host, string message)
    {
        var (exitCode, output) = await host.RunAsync();
        Assert.Equal(1, exitCode);
        Assert.Contains(message, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }
}
