using System.Diagnostics;

namespace CloudRewind.EndToEnd.Tests.Startup;

/// <summary>
/// In development, with no setting that says whose tokens to trust, the local host makes a key and a token of its own. It keeps them below the
/// repository's root, which here is a copy of the app: a developer's own are left alone.
/// </summary>
public sealed class DevelopmentTests(DevelopmentTests.CopiedApp copy) : IClassFixture<DevelopmentTests.CopiedApp>
{
    [OwnProcessFact]
    public async Task The_curl_lines_on_the_console_work_as_they_are_printed()
    {
        var lines = copy.Output.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("curl ", StringComparison.Ordinal)).ToArray();

        Assert.Equal(2, lines.Length);
        Assert.Matches("^HTTP/1.1 20[01] ", await RunAsync(lines[0]));
        var created = await RunAsync(lines[1]);
        Assert.StartsWith("HTTP/1.1 202 ", created, StringComparison.Ordinal);

        var location = created.Split('\n').Single(line => line.StartsWith("Location:", StringComparison.OrdinalIgnoreCase)).Split(' ')[1].Trim();
        Assert.Contains("{\"status\":\"", await RunAsync($"curl -s -H \"Authorization: Bearer $(cat '{copy.TokenFile}')\" '{location}'"), StringComparison.Ordinal);
    }

    [OwnProcessFact]
    public async Task The_console_names_the_file_with_the_token_which_only_its_owner_reads()
    {
        Assert.Contains(copy.TokenFile, copy.Output, StringComparison.Ordinal);
        Assert.Contains(await File.ReadAllTextAsync(copy.TokenFile), copy.Output, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(copy.TokenFile));
    }

    [OwnProcessFact]
    public void The_console_names_the_address_of_the_documentation() =>
        Assert.Contains(new Uri(copy.BaseAddress, "api/docs").AbsoluteUri, copy.Output, StringComparison.Ordinal);

    [OwnProcessFact]
    public async Task A_token_is_good_after_the_next_start_too()
    {
        Assert.NotEqual(copy.FirstToken, await File.ReadAllTextAsync(copy.TokenFile));
        (await AskAsync(copy.FirstToken, AssemblyAddress.PathOf("1", "any", "9"))).IsRefused(404, "cloud-assembly-not-found");
    }

    [OwnProcessFact]
    public async Task The_token_command_makes_a_token_for_less_while_the_host_runs()
    {
        var run = await Tool.RunAsync(
            "dotnet", [AppProgram.HostProgram, copy.Root, "token", "--permissions", "aws-protections.read", "--project", "demo"], variables: ("AZURE_FUNCTIONS_ENVIRONMENT", "Development"));

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        var address = new AssemblyAddress(1, "demo", 9);
        var token = run.Output.Trim();
        (await AskAsync(token, $"{address.Path}/protections/status?protection_id={Uri.EscapeDataString(address.ProtectionId())}")).IsRefused(404, "protection-not-found");
        (await AskAsync(token, address.Path)).IsRefused(403, "permission-missing");
        (await AskAsync(token, $"{AssemblyAddress.PathOf("1", "other", "9")}/protections")).IsRefused(403, "project-forbidden");
    }

    private async Task<Answer> AskAsync(string token, string path)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(copy.BaseAddress, path));
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        using var response = await http.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    private static async Task<string> RunAsync(string line)
    {
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", line]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = bash.StandardOutput.ReadToEndAsync();
        var errors = bash.StandardError.ReadToEndAsync();
        await bash.WaitForExitAsync().WaitAsync(Eventually.Limit);
        Assert.True(bash.ExitCode == 0, $"{line}\nended with {bash.ExitCode}: {await errors}");
        return await output;
    }

    /// <summary>The app, in a folder that the host takes for the repository's root, started for the second time.</summary>
    public sealed class CopiedApp : IAsyncLifetime
    {
        private StorageEmulator? storage;
        private AppProcess app = null!;

        public string Root { get; } = Directory.CreateTempSubdirectory("cloudrewind-app-").FullName;

        public string TokenFile => Path.Combine(Root, ".local", "dev-token");

        public Uri BaseAddress => app.BaseAddress;

        /// <summary>What the console says since the second start.</summary>
        public string Output => app.Output;

        /// <summary>The token of the first start.</summary>
        public string FirstToken { get; private set; } = "";

        public async Task InitializeAsync()
        {
            if (OutsideApp.IsGiven)
                return;
            storage = await StorageEmulator.StartAsync();
            foreach (var file in Directory.EnumerateFiles(AppProcess.BuiltApp, "*", SearchOption.AllDirectories))
            {
                var copy = Path.Combine(Root, Path.GetRelativePath(AppProcess.BuiltApp, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }

            await File.WriteAllTextAsync(Path.Combine(Root, "package.json"), "{}");
            app = new AppProcess([("AZURE_FUNCTIONS_ENVIRONMENT", "Development"), ("AzureWebJobsStorage", storage.ConnectionString)], Root);
            await app.StartAsync();
            FirstToken = await File.ReadAllTextAsync(TokenFile);
            await app.StopGracefullyAsync();
            await app.StartAsync();
        }

        public async Task DisposeAsync()
        {
            app?.Dispose();
            Directory.Delete(Root, recursive: true);
            if (storage is not null)
                await storage.DisposeAsync();
        }
    }
}
