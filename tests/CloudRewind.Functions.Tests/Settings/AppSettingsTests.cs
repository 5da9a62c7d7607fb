using System.Security.Cryptography;
using System.Text.Json;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.IdentityModel.Tokens;

namespace CloudRewind.Functions.Tests.Settings;

public sealed class AppSettingsTests
{
    private static readonly string PublicKey = Jwks(includePrivate: false);

    [Fact]
    public void What_is_not_said_is_as_documented()
    {
        var settings = Read();

        Assert.Equal(TimeSpan.FromHours(6), settings.Capture.TimeLimit);
        Assert.Equal(32, settings.Capture.MaxConcurrency);
        Assert.Equal(TimeSpan.FromDays(30), settings.Retention);
        Assert.Equal(TimeSpan.FromSeconds(1), settings.Simulation.StepTime);
        Assert.Equal(TimeSpan.FromSeconds(2), settings.Pace.PollInterval);
        Assert.Equal(TimeSpan.FromMinutes(1), settings.Pace.PruneRetryInterval);
        Assert.Equal(TimeSpan.FromMinutes(5), settings.WatchdogPatience);
        Assert.Null(settings.Cors.Policy);
    }

    [Fact]
    public void Several_origins_may_be_let_in() => Assert.Equal(
        ["https://console.example.com", "http://localhost:5173"],
        Read(("Cors__AllowedOrigins", "https://console.example.com , http://localhost:5173")).Cors.Policy!.Origins);

    [Fact]
    public void A_blank_setting_counts_as_absent() =>
        Assert.Equal(32, Read(("Capture__MaxConcurrency", " ")).Capture.MaxConcurrency);

    [Theory]
    [InlineData("Capture__MaxConcurrency", "0")]
    [InlineData("Capture__MaxConcurrency", "-1")]
    [InlineData("Capture__MaxConcurrency", "many")]
    [InlineData("Capture__TimeLimit", "6")]
    [InlineData("Capture__TimeLimit", "-06:00:00")]
    [InlineData("Capture__PollInterval", "00:02:00")]
    [InlineData("Capture__Provider", "Magic")]
    [InlineData("Capture__Provider", "Aws")]
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
    [InlineData("Watchdog__Patience", "soon")]
    [InlineData("Storage__TablesEndpoint", "tables")]
    public void An_invalid_value_is_refused_by_the_settings_name_and_value(string name, string value)
    {
        var error = Assert.Throws<InvalidSettingsException>(() => Read((name, value)));

        var fault = Assert.Single(error.Faults);
        Assert.StartsWith($"{name} is '{value}'", fault, StringComparison.Ordinal);
        Assert.Contains("it must be", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_fault_is_named_at_once()
    {
        var error = Assert.Throws<InvalidSettingsException>(() => Read(("Capture__MaxConcurrency", "0"), ("Watchdog__Patience", "x"), ("Auth__Jwks", "")));

        Assert.Equal(3, error.Faults.Count);
        Assert.All(["Capture__MaxConcurrency", "Watchdog__Patience", "Auth__Authority"], name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("not json", "is not a JWK set")]
    [InlineData("""{"keys":[]}""", "holds no key")]
    [InlineData("""{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}""", "'oct'")]
    [InlineData("""{"keys":[{"kty":"EC","crv":"P-256"}]}""", "not complete")]
    public void A_key_set_that_nothing_can_be_checked_with_is_refused(string jwks, string why)
    {
        var error = Assert.Throws<InvalidSettingsException>(() => Read(("Auth__Jwks", jwks)));

        Assert.Contains(error.Faults, fault => fault.StartsWith("Auth__Jwks", StringComparison.Ordinal) && fault.Contains(why, StringComparison.Ordinal));
    }

    [Fact]
    public void A_private_key_is_refused_and_not_repeated()
    {
        var jwks = Jwks(includePrivate: true);

        var error = Assert.Throws<InvalidSettingsException>(() => Read(("Auth__Jwks", jwks)));

        Assert.Contains("Auth__Jwks holds a private key", error.Message, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(jwks);
        Assert.DoesNotContain(json.RootElement.GetProperty("keys")[0].GetProperty("d").GetString()!, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_authority_and_keys_together_are_refused()
    {
        var error = Assert.Throws<InvalidSettingsException>(() => Read(("Auth__Authority", "https://login.example.com")));

        Assert.Contains("Auth__Authority and Auth__Jwks are both there", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://localhost:5000")]
    [InlineData("http://127.0.0.1:5000/realms/demo")]
    [InlineData("http://[::1]:5000")]
    [InlineData("https://login.example.com")]
    public void An_authority_may_do_without_tls_on_this_machine_only(string address) =>
        Assert.Equal(new Uri(address), Assert.IsType<AuthOptions.ByAuthority>(Read(WithAuthority(address)).Auth).Authority);

    [Theory]
    [InlineData("http://login.example.com/")]
    [InlineData("http://10.0.0.1/")]
    [InlineData("http://localhost.example.com/")]
    public void An_authority_elsewhere_without_tls_is_refused(string address) => Assert.Contains(
        $"Auth__Authority is '{address}'; it must begin with https:// (http:// is only for an authority on this machine, such as http://localhost:5000).",
        Assert.Throws<InvalidSettingsException>(() => Read(WithAuthority(address))).Faults);

    [Fact]
    public void A_connection_string_that_is_none_is_refused_and_not_repeated()
    {
        var error = Assert.Throws<InvalidSettingsException>(() => Read(("Storage__ConnectionString", "AccountKey=secret-value")));

        Assert.Contains("Storage__ConnectionString is not a connection string", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-value", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_endpoint_and_a_connection_string_together_are_refused()
    {
        var error = Assert.Throws<InvalidSettingsException>(() => Read(
            ("Storage__ConnectionString", "UseDevelopmentStorage=true"), ("Storage__TablesEndpoint", "https://account.table.core.windows.net")));

        Assert.Contains("Storage__TablesEndpoint and Storage__ConnectionString are both there", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Storage__TablesEndpoint", "https://account.table.core.windows.net")]
    [InlineData("AzureWebJobsStorage__accountName", "account")]
    [InlineData("AzureWebJobsStorage__tableServiceUri", "https://account.table.core.windows.net")]
    public void Storage_may_be_named_by_its_address_for_an_identity_to_open(string name, string value) =>
        Assert.NotNull(Read((name, value)).Storage.Open());

    private static AppSettings Read(params (string Name, string Value)[] settings) => AppSettings.Read(Configuration(settings));

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
