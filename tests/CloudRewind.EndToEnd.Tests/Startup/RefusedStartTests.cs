using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using CloudRewind.TestSupport;

namespace CloudRewind.EndToEnd.Tests.Startup;

/// <summary>What cannot start ends at once, with a message for whoever set it. Single settings are judged by the app's own tests: a start costs seconds.</summary>
public sealed class RefusedStartTests
{
    private const string Urls = "ASPNETCORE_URLS";

    [OwnProcessFact]
    public async Task Invalid_settings_are_refused_by_their_names_all_at_once() => await IsRefusedAsync(
        [
            ("Capture__MaxConcurrency", "0"), ("Capture__Provider", "Foo"), ("Capture__TimeLimit", "-00:00:01"), ("Simulation__StepTime", "abc"), ("Retention__Default", "forever"),
            ("Watchdog__Patience", "5"), ("Auth__Jwks", "not JSON"), ("Auth__Audience", ""), ("Storage__TablesEndpoint", "nowhere"),
        ],
        "Capture__MaxConcurrency",
        "Capture__Provider",
        "Capture__TimeLimit",
        "Simulation__StepTime",
        "Retention__Default",
        "Watchdog__Patience",
        "Auth__Jwks",
        "Auth__Audience",
        "Storage__TablesEndpoint");

    [OwnProcessFact]
    public async Task A_key_set_without_keys_and_a_connection_string_that_is_none_are_refused() => await IsRefusedAsync(
        [("Auth__Jwks", "{}"), ("Storage__ConnectionString", "nothing")], "Auth__Jwks", "Storage__ConnectionString");

    [OwnProcessFact]
    public async Task Outside_of_development_somebody_must_say_whose_tokens_to_trust() => await IsRefusedAsync(
        [("Auth__Jwks", ""), ("Auth__Issuer", ""), ("Auth__Audience", "")], "Auth__Authority", "Auth__Jwks", "Auth__Audience");

    [OwnProcessFact]
    public async Task An_authority_elsewhere_without_encryption_is_refused() => await IsRefusedAsync(
        [("Auth__Jwks", ""), ("Auth__Issuer", ""), ("Auth__Authority", "http://login.example.com")], "Auth__Authority");

    [OwnProcessFact]
    public async Task A_private_key_is_refused_and_not_repeated()
    {
        const string Secret = "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U";

        var said = await IsRefusedAsync(
            [("Auth__Jwks", $$"""{"keys":[{"kty":"EC","crv":"P-256","x":"{{Secret}}","y":"{{Secret}}","d":"{{Secret}}"}]}""")], "Auth__Jwks");

        Assert.DoesNotContain(Secret, said, StringComparison.Ordinal);
    }

    [OwnProcessTheory]
    [InlineData("nowhere")]
    [InlineData("http://nowhere.example.com")]
    [InlineData("https://localhost:7071")]
    [InlineData("http://localhost:99999")]
    public async Task An_address_that_is_none_is_refused_by_its_name(string urls) => await IsRefusedAsync([(Urls, urls)], Urls, urls);

    [OwnProcessFact]
    public async Task A_port_that_is_taken_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, FreePort.Take());
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        await IsRefusedAsync([(Urls, $"http://127.0.0.1:{port}")], port);
    }

    [OwnProcessFact]
    public async Task A_worker_that_has_no_dotnet_to_run_on_is_no_start()
    {
        // The host's own executable: started with dotnet, it would find that one again.
        var host = Path.ChangeExtension(AppProgram.HostProgram, OperatingSystem.IsWindows() ? ".exe" : null);
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

        await IsRefusedAsync([("DOTNET_ROOT", dotnet), ("PATH", Path.GetTempPath())], host, ["'dotnet'", "PATH"]);
    }

    private static Task<string> IsRefusedAsync((string Name, string Value)[] settings, params string[] named) => IsRefusedAsync(settings, hostProgram: null, named);

    private static async Task<string> IsRefusedAsync((string Name, string Value)[] settings, string? hostProgram, string[] named)
    {
        var tokens = Tokens.WithNewKey("https://issuer.example.com", "cloud-rewind");
        using var app = new AppProcess(
            [
                ("AZURE_FUNCTIONS_ENVIRONMENT", "Production"),
                ("AzureWebJobsStorage", "DefaultEndpointsProtocol=http;AccountName=none;AccountKey=bm9uZQ==;BlobEndpoint=http://127.0.0.1:9/none;QueueEndpoint=http://127.0.0.1:9/none;TableEndpoint=http://127.0.0.1:9/none;"),
                ("Auth__Jwks", tokens.Jwks),
                ("Auth__Issuer", tokens.Issuer),
                ("Auth__Audience", tokens.Audience),
                .. settings,
            ],
            hostProgram: hostProgram);

        var exitCode = await app.RunToEndAsync();

        Assert.Equal(1, exitCode);
        Assert.All(named, name => Assert.Contains(name, app.Output, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", app.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", app.Output, StringComparison.Ordinal);
        return app.Output;
    }
}
