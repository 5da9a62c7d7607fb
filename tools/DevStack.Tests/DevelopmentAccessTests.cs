using CloudRewind.FunctionsHost;
using CloudRewind.TestSupport;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CloudRewind.DevStack.Tests;

public sealed class DevelopmentAccessTests : IDisposable
{
    private static readonly Uri Address = new("http://localhost:7071/api");

    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);

    private string KeyFile => folder[".local", "dev-key.pem"];

    private string TokenFile => folder[".local", "dev-token"];

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("Auth__Authority", "https://login.example.com")]
    [InlineData("Auth__Audience", "somebody")]
    [InlineData("Auth__Issuer", "somebody")]
    [InlineData("Auth__Jwks", "{}")]
    [InlineData("AZURE_FUNCTIONS_ENVIRONMENT", "Production")]
    public void A_setting_that_says_whom_to_trust_and_any_environment_but_Development_need_none(string name, string value)
    {
        Assert.Null(Create((name, value)));
        Assert.False(Directory.Exists(folder[".local"]));
    }

    [Theory]
    [InlineData("Auth__Authority", " ")]
    [InlineData("AZURE_FUNCTIONS_ENVIRONMENT", "development")]
    public void A_blank_setting_says_nothing(string name, string value) => Assert.NotNull(Create((name, value)));

    [Fact]
    public async Task The_token_is_valid_for_the_settings_that_the_app_gets()
    {
        var access = Create()!;
        await access.AnnounceAsync(Address, TextWriter.Null, default);

        var result = await ValidateAsync(access);

        Assert.True(result.IsValid, result.Exception?.Message);
        Assert.Equal(1L, Assert.IsType<JsonWebToken>(result.SecurityToken).GetPayloadValue<long>("account_id"));
        Assert.Equal(["*"], Assert.IsType<JsonWebToken>(result.SecurityToken).GetPayloadValue<string[]>("projects"));
        Assert.Equal(8, Assert.IsType<JsonWebToken>(result.SecurityToken).GetPayloadValue<string[]>("permissions").Length);
        Assert.DoesNotContain("\"d\"", access.WorkerSettings["Auth__Jwks"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_is_kept_so_that_a_token_outlives_a_restart()
    {
        await Create()!.AnnounceAsync(Address, TextWriter.Null, default);
        Assert.True((await ValidateAsync(Create()!)).IsValid);
    }

    [Fact]
    public async Task The_token_in_the_file_is_replaced_before_it_expires()
    {
        var access = Create()!;
        await access.AnnounceAsync(Address, TextWriter.Null, default);
        var first = await File.ReadAllTextAsync(TokenFile);
        using var stop = new CancellationTokenSource();
        var renewal = access.KeepTokenFreshAsync(stop.Token);

        time.Advance(TimeSpan.FromHours(3));
        Assert.Equal(first, await File.ReadAllTextAsync(TokenFile));
        time.Advance(TimeSpan.FromHours(1));
        var second = await Eventually.GetAsync(() => File.ReadAllTextAsync(TokenFile), token => token != first, "a new token");

        Assert.Equal(new JsonWebToken(first).ValidTo + TimeSpan.FromHours(4), new JsonWebToken(second).ValidTo);
        await stop.CancelAsync();
        await renewal;
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_tried_again()
    {
        var access = Create()!;
        await access.AnnounceAsync(Address, TextWriter.Null, default);
        File.Delete(TokenFile);
        Directory.CreateDirectory(TokenFile);
        using var stop = new CancellationTokenSource();
        var renewal = access.KeepTokenFreshAsync(stop.Token);
        time.Advance(TimeSpan.FromHours(5));

        Directory.Delete(TokenFile);
        await Eventually.GetAsync(
            () =>
            {
                time.Advance(TimeSpan.FromMinutes(1));
                return Task.FromResult(File.Exists(TokenFile));
            },
            exists => exists,
            "the token's file");

        await stop.CancelAsync();
        await renewal;
    }

    [Fact]
    public void A_token_may_be_for_less()
    {
        var token = new JsonWebToken(TokenCommand.Run(
            ["--permissions", "aws-protections.read, aws-assemblies.read", "--project", "demo", "--project", "a:b", "--account", "7"],
            Create()));

        Assert.Equal(7, token.GetPayloadValue<long>("account_id"));
        Assert.Equal(["demo", "a:b"], token.GetPayloadValue<string[]>("projects"));
        Assert.Equal(["aws-protections.read", "aws-assemblies.read"], token.GetPayloadValue<string[]>("permissions"));
    }

    [Theory]
    [InlineData("--permissions", "aws-protections.reed", "'aws-protections.reed' is not a permission")]
    [InlineData("--account", "0", "--account is '0'")]
    [InlineData("--projects", "demo", "'--projects' is not an option")]
    [InlineData("--project", "", "'--project' is not an option with a value")]
    public void A_wrong_option_of_the_token_command_is_named(string option, string value, string message) =>
        Assert.StartsWith(
            message,
            Assert.Throws<HostStartException>(() => TokenCommand.Run([option, value], Create())).Message,
            StringComparison.Ordinal);

    [Fact]
    public void There_is_no_development_token_where_a_setting_says_whom_to_trust() =>
        Assert.Throws<HostStartException>(() => TokenCommand.Run([], Create(("Auth__Authority", "https://login.example.com"))));

    [Fact]
    public async Task A_key_that_was_cut_short_is_replaced()
    {
        Create();
        File.WriteAllText(KeyFile, File.ReadAllText(KeyFile)[..40]);
        var access = Create()!;
        await access.AnnounceAsync(Address, TextWriter.Null, default);
        Assert.True((await ValidateAsync(access)).IsValid);
    }

    [SkippableFact]
    public async Task Only_the_user_may_read_the_key_and_the_token()
    {
        Skip.If(OperatingSystem.IsWindows(), "Files have no mode there.");
        folder.Write("readable by all", ".local", "dev-token");
        await Create()!.AnnounceAsync(Address, TextWriter.Null, default);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, Mode(KeyFile));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, Mode(TokenFile));
        Assert.Equal(2, Directory.EnumerateFileSystemEntries(folder[".local"]).Count());
    }

    [Theory]
    [InlineData("http://localhost:7071/api", "http://localhost:7071/api/")]
    [InlineData("http://localhost:7071/my/api", "http://localhost:7071/my/api/")]
    [InlineData("http://localhost:7071/", "http://localhost:7071/")]
    public async Task The_console_names_the_page_of_the_API(string address, string api) =>
        Assert.Contains($"{api}docs\n", await AnnounceAsync(new Uri(address)), StringComparison.Ordinal);

    [SkippableFact]
    public async Task The_curl_lines_work_as_they_are_printed()
    {
        Skip.If(OperatingSystem.IsWindows(), "They are for bash.");
        const string Assembly = "http://localhost:7071/api/v1/accounts/1/projects/demo/aws/cloud-assemblies/1";
        var lines = (await AnnounceAsync(Address)).Split('\n').Where(line => line.Contains("curl", StringComparison.Ordinal));

        var run = await Tool.RunAsync("bash", ["-euc", $"curl() {{ printf '%s\\n' \"$@\"; }}\n{string.Join('\n', lines)}"]);

        Assert.Equal("", run.Errors);
        var authorization = $"Authorization: Bearer {File.ReadAllText(TokenFile)}";
        Assert.Equal(
            [
                "-i", "-X", "PUT", "-H", authorization, Assembly, "-d", "{",
                "-i", "-X", "POST", "-H", authorization, $"{Assembly}/protections", "",
            ],
            run.Output.Split('\n').Select(line => line.StartsWith('{') ? "{" : line));
    }

    [Theory]
    [InlineData("Aws", false)]
    [InlineData("aws", false)]
    [InlineData("Simulated", true)]
    [InlineData(null, true)]
    public async Task Simulated_resources_are_offered_only_where_capture_is_simulated(string? provider, bool offered)
    {
        await using var console = new StringWriter();

        await Create(("Capture__Provider", provider!))!.AnnounceAsync(Address, console, default);

        Assert.Equal(offered, console.ToString().Contains("sim-ok-", StringComparison.Ordinal));
        Assert.Equal(!offered, console.ToString().Contains("docs/aws.md", StringComparison.Ordinal));
    }

    private static UnixFileMode Mode(string file) => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(file);

    private async Task<string> AnnounceAsync(Uri address)
    {
        await using var console = new StringWriter { NewLine = "\n" };
        await Create()!.AnnounceAsync(address, console, default);
        return console.ToString();
    }

    private DevelopmentAccess? Create(params (string Name, string Value)[] settings) =>
        DevelopmentAccess.CreateIfNeeded(folder.Path, name => settings.FirstOrDefault(setting => setting.Name == name).Value, time);

    private async Task<TokenValidationResult> ValidateAsync(DevelopmentAccess access) =>
        await new JsonWebTokenHandler().ValidateTokenAsync(await File.ReadAllTextAsync(TokenFile), new TokenValidationParameters
        {
            ValidIssuer = access.WorkerSettings["Auth__Issuer"],
            ValidAudience = access.WorkerSettings["Auth__Audience"],
            IssuerSigningKeys = new JsonWebKeySet(access.WorkerSettings["Auth__Jwks"]).GetSigningKeys(),
        });
}
