using System.Security.Cryptography;
using System.Text.Json;
using CloudRewind.Aws;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Watchdog;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using CloudRewind.Functions.Orchestrations;
using CloudRewind.Functions.Settings;
using CloudRewind.Simulation;
using CloudRewind.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace CloudRewind.Functions.Tests.Settings;

/// <summary>Each setting: its default, and what is said of it where it is missing, invalid or misspelt.</summary>
public sealed class SettingsTests
{
    private static readonly string PublicKey = Jwks(includePrivate: false);

    [Fact]
    public async Task The_settings_that_make_an_app_quick_enough_for_the_tests_are_documented()
    {
        var documented = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "settings.md"));

        Assert.All(OutsideApp.QuickSettings, setting => Assert.Contains($"`{setting.Name}={setting.Value}`", documented, StringComparison.Ordinal));
    }

    [Fact]
    public void Defaults_are_as_documented()
    {
        Assert.Equal(TimeSpan.FromHours(6), Read<CaptureLimits>().TimeLimit);
        Assert.Equal(32, Read<CaptureLimits>().MaxConcurrency);
        Assert.Equal(new RetentionOptions(TimeSpan.FromDays(30), TimeSpan.FromMinutes(1)), Read<RetentionOptions>());
        Assert.Equal(TimeSpan.FromSeconds(1), Read<SimulationOptions>().StepTime);
        Assert.Equal(new PollingOptions(TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(1)), Read<PollingOptions>());
        Assert.Equal(new WatchPolicy(TimeSpan.FromMinutes(5), TimeSpan.FromHours(6)), Read<WatchPolicy>());
        Assert.Equal(new AwsOptions(null, null, null, null, TimeSpan.FromMinutes(5), CopyTagsFromSource: false), Read<AwsOptions>());
        Assert.Equal("Simulated", Read<CaptureOptions>().Provider);
        Assert.Null(Read<CrossOriginOptions>().Policy);
    }

    [Fact]
    public void Several_origins_may_be_let_in() => Assert.Equal(
        ["https://console.example.com", "http://localhost:5173"],
        Read<CrossOriginOptions>(("Cors__AllowedOrigins", "https://console.example.com , http://localhost:5173")).Policy!.Origins);

    [Fact]
    public void A_blank_setting_counts_as_absent() =>
        Assert.Equal(32, Read<CaptureLimits>(("Capture__MaxConcurrency", " "), ("Capture__TimeLimits", "")).MaxConcurrency);

    [Fact]
    public void Names_may_be_in_any_case() => Assert.Equal(8, Read<CaptureLimits>(("CAPTURE__MAXCONCURRENCY", "8")).MaxConcurrency);

    [Theory]
    [InlineData("Capture__MaxConcurrency", "0")]
    [InlineData("Capture__MaxConcurrency", "-1")]
    [InlineData("Capture__MaxConcurrency", "many")]
    [InlineData("Capture__TimeLimit", "6")]
    [InlineData("Capture__TimeLimit", "-06:00:00")]
    [InlineData("Capture__PollInterval", "00:02:00")]
    [InlineData("Capture__Provider", "Magic")]
    [InlineData("Aws__ServiceUrl", "localhost:4566")]
    [InlineData("Aws__SettleWindow", "00:00:05")]
    [InlineData("Aws__SettleWindow", "02:00:00")]
    [InlineData("Aws__CopyTagsFromSource", "yes")]
    [InlineData("Cors__AllowedOrigins", "*")]
    [InlineData("Cors__AllowedOrigins", "https://console.example.com/")]
    [InlineData("Cors__AllowedOrigins", "https://Console.example.com")]
    [InlineData("Cors__AllowedOrigins", "https://a.example.com,example.com")]
    [InlineData("Cors__AllowedOrigins", "https://example.com:443")]
    [InlineData("Cors__AllowedOrigins", "ftp://example.com")]
    [InlineData("Retention__Default", "00:00:00")]
    [InlineData("Retention__Default", "P30D")]
    [InlineData("Retention__PruneRetryInterval", "2.00:00:00")]
    [InlineData("Simulation__StepTime", "-00:00:01")]
    [InlineData("RateLimit__RequestsPerMinute", "-1")]
    [InlineData("RateLimit__RequestsPerMinute", "1000001")]
    [InlineData("Watchdog__Patience", "soon")]
    [InlineData("Storage__TablesEndpoint", "tables")]
    public void An_invalid_value_is_refused_by_the_settings_name_and_value(string name, string value)
    {
        var error = Assert.Single(Errors((name, value)));

        Assert.StartsWith($"{name} is '{value}'", error, StringComparison.Ordinal);
        Assert.Contains("it must be", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Aws__ServiceUrls", "Aws__ServiceUrl")]
    [InlineData("Aws__WebIdentity__Audiences", "Aws__WebIdentity__Audience")]
    [InlineData("Capture__TimeLimits", "Capture__TimeLimit")]
    [InlineData("Capture__Maxconcurency", "Capture__MaxConcurrency")]
    [InlineData("Auth__Audiences", "Auth__Audience")]
    [InlineData("Auth__Claims__Account", "Auth__Claims__AccountId")]
    [InlineData("Auth__Claims__Permission", "Auth__Claims__Permissions")]
    [InlineData("Cors__AllowedOrigins__0", "Cors__AllowedOrigins")]
    [InlineData("Retention__Defaults", "Retention__Default")]
    [InlineData("Simulation__StepTim", "Simulation__StepTime")]
    [InlineData("Storage__TableEndpoint", "Storage__TablesEndpoint")]
    [InlineData("RateLimit__RequestPerMinute", "RateLimit__RequestsPerMinute")]
    [InlineData("Watchdog__Patients", "Watchdog__Patience")]
    public void A_misspelt_setting_is_named_with_the_one_that_was_meant(string name, string meant) =>
        Assert.Equal([$"{name} is not a setting; did you mean {meant}?"], Errors((name, "x")));

    [Fact]
    public void An_unknown_setting_is_named_with_those_that_there_are() => Assert.Equal(
        ["Capture__Colour is not a setting; those of Capture are Capture__MaxConcurrency, Capture__PollInterval, Capture__Provider, Capture__TimeLimit."],
        Errors(("Capture__Colour", "blue")));

    [Theory]
    [InlineData("PATH", "/usr/bin")]
    [InlineData("STORAGE", "/data")]
    [InlineData("Capture", "1")]
    [InlineData("CaptureAgent__Url", "x")]
    [InlineData("Aws__ServiceUrl", "http://localhost:4566")]
    [InlineData("AzureWebJobsStorage__blobServiceUri", "https://account.blob.core.windows.net")]
    public void Settings_of_other_programs_are_left_alone(string name, string value) => Assert.Empty(Errors((name, value)));

    [Theory]
    [InlineData("Aws__HubRoleArn", "arn:aws:iam::123456789012:role/hub", "Aws__WebIdentity__Audience is missing; Aws__HubRoleArn and Aws__WebIdentity__Audience must both be set, or neither.")]
    [InlineData("Aws__WebIdentity__Audience", "api://1", "Aws__HubRoleArn is missing; Aws__HubRoleArn and Aws__WebIdentity__Audience must both be set, or neither.")]
    public void The_hub_role_and_the_audience_of_its_token_belong_together(string name, string value, string error) => Assert.Equal([error], Errors((name, value)));

    [Fact]
    public void A_hub_role_is_named_by_its_ARN() => Assert.Equal(
        ["Aws__HubRoleArn is 'hub'; it must be the ARN of an IAM role, such as arn:aws:iam::123456789012:role/cloud-rewind-hub."],
        Errors(("Aws__HubRoleArn", "hub"), ("Aws__WebIdentity__Audience", "api://1")));

    [Theory]
    [InlineData("Aws")]
    [InlineData("simulated")]
    public void Both_providers_may_be_chosen(string provider) => Assert.Empty(Errors(("Capture__Provider", provider)));

    [Fact]
    public void Claims_may_have_other_names() => Assert.Equal(
        new ClaimNames("extension_account", "projects", "roles"),
        Read<AuthOptions>(("Auth__Claims__AccountId", "extension_account"), ("Auth__Claims__Permissions", "roles")).Claims);

    [Fact]
    public void Two_settings_do_not_name_the_same_claim() => Assert.Equal(
        ["Auth__Claims__AccountId, Auth__Claims__Projects and Auth__Claims__Permissions must name three different claims; they name 'account_id', 'roles' and 'roles'."],
        Errors(("Auth__Claims__Projects", "roles"), ("Auth__Claims__Permissions", "roles")));

    [Fact]
    public void Every_error_of_every_section_is_named_at_once()
    {
        var errors = Errors(
            ("Capture__MaxConcurrency", "0"), ("Capture__TimeLimits", "01:00:00"), ("Watchdog__Patience", "x"), ("Retention__Default", "x"), ("Simulation__StepTime", "x"),
            ("Cors__AllowedOrigins", "x"), ("Storage__TablesEndpoint", "x"), ("Auth__Jwks", ""), ("Auth__Audience", ""));

        string[] named =
        [
            "Auth__Audience", "Auth__Authority", "Capture__MaxConcurrency", "Capture__TimeLimits", "Cors__AllowedOrigins", "Retention__Default", "Simulation__StepTime",
            "Storage__TablesEndpoint", "Watchdog__Patience",
        ];
        Assert.Equal(named, errors.Select(error => error.Split(' ')[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Somebody_must_say_whose_tokens_to_trust() => Assert.Equal(
        [
            "Auth__Authority and Auth__Jwks are both missing; one of them must say whose tokens to trust.",
            "Auth__Audience is missing; it must be the audience that tokens are issued for.",
        ],
        Errors(("Auth__Jwks", ""), ("Auth__Issuer", ""), ("Auth__Audience", "")));

    [Fact]
    public void Keys_need_an_issuer() => Assert.Equal(
        ["Auth__Issuer is missing; with Auth__Jwks it must be the issuer that tokens name."], Errors(("Auth__Issuer", "")));

    [Fact]
    public void An_authority_says_itself_what_its_issuer_is() => Assert.Equal(
        ["Auth__Issuer is set beside Auth__Authority, which says itself what its issuer is; it goes with Auth__Jwks only."],
        Errors([.. WithAuthority("https://login.example.com"), ("Auth__Issuer", "https://login.example.com")]));

    [Theory]
    [InlineData("not json", "is not a JWK set")]
    [InlineData("""{"keys":[]}""", "holds no key")]
    [InlineData("""{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}""", "'oct'")]
    [InlineData("""{"keys":[{"kty":"EC","crv":"P-256"}]}""", "not complete")]
    public void A_key_set_that_nothing_can_be_checked_with_is_refused(string jwks, string why)
    {
        Assert.Contains(Errors(("Auth__Jwks", jwks)), error => error.StartsWith("Auth__Jwks", StringComparison.Ordinal) && error.Contains(why, StringComparison.Ordinal));
    }

    // RFC 7518, 3.3.
    [Theory]
    [InlineData(1024, false)]
    [InlineData(2048, true)]
    public void An_RSA_key_has_at_least_2048_bits(int bits, bool isAccepted)
    {
        using var key = RSA.Create(bits);
        var numbers = key.ExportParameters(includePrivateParameters: false);
        var jwks = JsonSerializer.Serialize(new { keys = new[] { new { kty = "RSA", kid = "1", n = Base64UrlEncoder.Encode(numbers.Modulus), e = Base64UrlEncoder.Encode(numbers.Exponent) } } });

        Assert.Equal(isAccepted, !Errors(("Auth__Jwks", jwks)).Contains("Auth__Jwks holds the RSA key '1' of 1024 bits; it must have at least 2048."));
    }

    [Fact]
    public void A_private_key_is_refused_and_not_repeated()
    {
        var jwks = Jwks(includePrivate: true);

        var errors = string.Join('\n', Errors(("Auth__Jwks", jwks)));

        Assert.Contains("Auth__Jwks holds a private key", errors, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(jwks);
        Assert.DoesNotContain(json.RootElement.GetProperty("keys")[0].GetProperty("d").GetString()!, errors, StringComparison.Ordinal);
    }

    [Fact]
    public void An_authority_and_keys_together_are_refused() => Assert.Equal(
        ["Auth__Authority and Auth__Jwks are both set; only one of them may be."], Errors(("Auth__Authority", "https://login.example.com")));

    [Theory]
    [InlineData("http://localhost:5000")]
    [InlineData("http://127.0.0.1:5000/realms/demo")]
    [InlineData("http://[::1]:5000")]
    [InlineData("https://login.example.com")]
    public void An_authority_may_do_without_tls_on_this_machine_only(string address) =>
        Assert.Equal(new Uri(address), Assert.IsType<AuthOptions.ByAuthority>(Read<AuthOptions>(WithAuthority(address))).Authority);

    [Theory]
    [InlineData("http://login.example.com/")]
    [InlineData("http://10.0.0.1/")]
    [InlineData("http://localhost.example.com/")]
    public void An_authority_elsewhere_without_tls_is_refused(string address) => Assert.Equal(
        [$"Auth__Authority is '{address}'; it must begin with https:// (http:// is only for an authority on this machine, such as http://localhost:5000)."],
        Errors(WithAuthority(address)));

    [Theory]
    [InlineData("Storage__ConnectionString")]
    [InlineData("AzureWebJobsStorage")]
    public void An_invalid_connection_string_is_refused_and_not_repeated(string name)
    {
        var error = Assert.Single(Errors((name, "AccountKey=secret-value")));

        Assert.StartsWith($"{name} is not a connection string", error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-value", error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_endpoint_and_a_connection_string_together_are_refused() => Assert.Equal(
        ["Storage__TablesEndpoint and Storage__ConnectionString are both set; only one of them may be."],
        Errors(("Storage__ConnectionString", "UseDevelopmentStorage=true"), ("Storage__TablesEndpoint", "https://account.table.core.windows.net")));

    [Theory]
    [InlineData("Storage__TablesEndpoint", "https://account.table.core.windows.net")]
    [InlineData("AzureWebJobsStorage__accountName", "account")]
    [InlineData("AzureWebJobsStorage__tableServiceUri", "https://account.table.core.windows.net")]
    public void Storage_may_be_named_by_its_address_for_an_identity_to_open(string name, string value)
    {
        var options = Assert.IsType<TableStorageOptions.ByIdentity>(Read<TableStorageOptions>((name, value)));

        Assert.Equal(new Uri("https://account.table.core.windows.net"), options.Endpoint);
        Assert.NotNull(options.Open());
    }

    private static T Read<T>(params (string Name, string Value)[] settings)
        where T : notnull => Services(settings).GetRequiredService<T>();

    private static IReadOnlyList<string> Errors(params (string Name, string Value)[] settings) => Services(settings).FindSettingsErrors();

    private static ServiceProvider Services((string Name, string Value)[] settings) =>
        new ServiceCollection().AddSingleton<IConfiguration>(Configuration(settings)).AddCloudRewind().BuildServiceProvider();

    private static (string Name, string Value)[] WithAuthority(string address) => [("Auth__Jwks", ""), ("Auth__Issuer", ""), ("Auth__Authority", address)];

    private static IConfigurationRoot Configuration((string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string?> { ["Auth:Jwks"] = PublicKey, ["Auth:Issuer"] = "issuer", ["Auth:Audience"] = "audience" };
        foreach (var (name, value) in settings)
            all[name.Replace("__", ":", StringComparison.Ordinal)] = value;
        return new ConfigurationBuilder().AddInMemoryCollection(all).Build();
    }

    private static string Jwks(bool includePrivate)
    {
        using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var key = ECDsa.Create(made.ExportParameters(includePrivate));
        var jwk = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(key));
        return JsonSerializer.Serialize(new { keys = new[] { new { kty = jwk.Kty, crv = jwk.Crv, x = jwk.X, y = jwk.Y, d = jwk.D } } });
    }
}
