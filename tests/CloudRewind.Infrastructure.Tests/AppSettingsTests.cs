using CloudRewind.Aws;
using CloudRewind.Functions;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Settings;
using CloudRewind.Infrastructure.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CloudRewind.Infrastructure.Tests;

public sealed class AppSettingsTests
{
    // Read by the app, and never set in Azure.
    private static readonly string[] ForOtherPlaces =
    [
        "AzureWebJobsStorage", // holds a key
        "Storage__ConnectionString", // holds a key
        "AzureWebJobsStorage__accountName", // says no more than AzureWebJobsStorage__tableServiceUri, and that only in the public cloud
    ];

    // Set in Azure, and read by the Functions host, or by a library.
    private static readonly string[] ForOthers =
    [
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
        "APPLICATIONINSIGHTS_CONNECTION_STRING",
        "AzureWebJobsDisableHomepage",
        "AzureWebJobsStorage__blobServiceUri",
        "AzureWebJobsStorage__credential",
        "AzureWebJobsStorage__queueServiceUri",
        "OTEL_TRACES_SAMPLER",
        "OTEL_TRACES_SAMPLER_ARG",
    ];

    [BicepFact]
    public async Task What_the_template_sets_is_what_the_app_reads_and_the_other_way_round()
    {
        var (set, read) = (await SettableAsync(), ReadByTheApp());

        Assert.Empty(read.Except(set).Except(ForOtherPlaces));
        Assert.Empty(set.Except(read).Except(ForOthers));
        Assert.Empty(ForOthers.Except(set));
    }

    [BicepFact]
    public async Task Where_the_task_hub_has_an_account_of_its_own_the_host_works_there_and_the_app_with_the_tables_of_the_other()
    {
        var deployment = await Deployment.HubApartAsync();
        var hub = deployment.Names("Microsoft.Storage/storageAccounts").Single(name => name.StartsWith("stcrwhub", StringComparison.Ordinal));
        var data = deployment.Names("Microsoft.Storage/storageAccounts").Single(name => name != hub);

        Assert.All(
            new[] { "blob", "queue", "table" },
            part => Assert.Contains($"/{hub}'", deployment.AppSettings[$"AzureWebJobsStorage__{part}ServiceUri"], StringComparison.Ordinal));
        Assert.Contains($"/{data}'", deployment.AppSettings["Storage__TablesEndpoint"], StringComparison.Ordinal);
        Assert.Contains($"/{hub}'", deployment.Single("Microsoft.Web/sites")["properties"]!["functionAppConfig"]!["deployment"]!["storage"]!["value"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(["packages"], deployment.Names("Microsoft.Storage/storageAccounts/blobServices/containers"));
        Assert.Equal(4, deployment.Names("Microsoft.Network/privateEndpoints").Count());
        Assert.Equal(
            deployment.Names("Microsoft.Network/privateDnsZones").Distinct(),
            deployment.Names("Microsoft.Network/privateDnsZones"));
    }

    // On Flex Consumption these are properties of the app, or gone; a deployment that sets one is refused, or does not start.
    [BicepTheory]
    [MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public async Task Nothing_is_set_that_flex_consumption_does_not_take(string environment)
    {
        var deployment = await Deployment.OfAsync(environment);
        var site = deployment.Single("Microsoft.Web/sites")["properties"]!["siteConfig"]!.AsObject().Select(property => property.Key);

        Assert.DoesNotContain(deployment.AppSettings.Keys, name => name.StartsWith("FUNCTIONS_", StringComparison.Ordinal) || name.StartsWith("WEBSITE_", StringComparison.Ordinal));
        Assert.DoesNotContain("SCM_DO_BUILD_DURING_DEPLOYMENT", deployment.AppSettings.Keys);
        Assert.DoesNotContain("ENABLE_ORYX_BUILD", deployment.AppSettings.Keys);
        Assert.Empty(site.Intersect(["alwaysOn", "appSettings", "ftpsState", "functionAppScaleLimit", "linuxFxVersion", "netFrameworkVersion", "preWarmedInstanceCount", "remoteDebuggingEnabled", "vnetRouteAllEnabled"]));
    }

    [BicepTheory]
    [MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public async Task The_app_starts_with_the_settings_of_every_environment(string environment)
    {
        using var services = Services(Configuration(await Deployment.OfAsync(environment)));

        Assert.Empty(services.FindSettingsErrors());
        Assert.Equal("api://cloud-rewind", services.GetRequiredService<AuthOptions>().Audience);
    }

    [BicepFact]
    public async Task It_starts_as_well_where_keys_are_trusted_in_place_of_an_authority()
    {
        const string Jwks = """{"keys":[{"kty":"RSA","kid":"1","e":"AQAB","n":"sXchDaQebHnPiGvyDOAT4saGEUetSyo9MKLOoWFsueri23bOdgWp4Dy1WlUzewbgBHod5pcM9H95GQRV3JDXboIRROSBigeC5yjU1hGzHHyXss8UDprecbAYxknTcQkhslANGRUZmdTOQ5qTRsLAt6BTYuyvVRdhS8exSZEy_c4gs_7svlJJQ4H9_NxsiIoLwAEk7-Q3UXERGYw_75IDrGA84-lA_-Ct4eTlXHBIY2EaV7t7LjJaynVJCpkv4LKjTTAumiGUIuQhrNhZLuF_RJLqHpM2kgWFLU7-VTdL1VbC2tejvcI2BlMkEpk1BzBZI0KQB0GaDWFLN-aEAw3vRw"}]}""";
        var deployment = await Deployment.OfAsync("dev", workspace =>
        {
            workspace.Replace("environments/dev.bicepparam", "kind: 'authority'", "kind: 'keys'");
            workspace.Replace("environments/dev.bicepparam", "authority: readEnvironmentVariable('AUTH_AUTHORITY')", $"jwks: '{Jwks}'\n  issuer: 'https://issuer.example.com'");
        });

        using var services = Services(Configuration(deployment));

        Assert.Empty(services.FindSettingsErrors());
        Assert.Equal("https://issuer.example.com", Assert.IsType<AuthOptions.ByKeys>(services.GetRequiredService<AuthOptions>()).Issuer);
    }

    [BicepFact]
    public async Task Where_there_is_a_way_into_AWS_the_app_captures_there_and_otherwise_it_simulates()
    {
        Assert.Equal("Simulated", (await Deployment.OfAsync("dev")).AppSettings["Capture__Provider"]);

        var deployment = await Deployment.OfAsync("dev", workspace =>
        {
            workspace.Replace("environments/dev.bicepparam", "readEnvironmentVariable('AWS_HUB_ROLE_ARN', '')", "'arn:aws:iam::111111111111:role/cloud-rewind-hub'");
            workspace.Replace("environments/dev.bicepparam", "readEnvironmentVariable('AWS_WEB_IDENTITY_AUDIENCE', '')", "'api://00000000-0000-0000-0000-000000000001'");
        });

        using var services = Services(Configuration(deployment));
        Assert.Empty(services.FindSettingsErrors());
        var options = services.GetRequiredService<AwsOptions>();
        Assert.Equal(("Aws", "api://00000000-0000-0000-0000-000000000001"), (deployment.AppSettings["Capture__Provider"], options.WebIdentityAudience));
        Assert.Equal("arn:aws:iam::111111111111:role/cloud-rewind-hub", options.HubRoleArn);
    }

    [BicepTheory]
    [InlineData("Aws")]
    [InlineData("Simulated")]
    public async Task Production_captures_as_it_says_itself(string provider)
    {
        var deployment = await Deployment.OfAsync("prod", workspace => Choose(workspace, provider));

        Assert.Equal(provider, deployment.AppSettings["Capture__Provider"]);
    }

    [BicepTheory]
    [InlineData("")]
    [InlineData("aws")]
    public async Task Production_is_not_deployed_without_a_choice(string provider)
    {
        using var workspace = new Workspace();
        Choose(workspace, provider);

        var run = await BicepCli.RunAsync(Path.Combine(workspace.Infra, "environments"), "build-params", "prod.bicepparam", "--stdout");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("\"Aws\"", run.Remarks, StringComparison.Ordinal);
    }

    private static void Choose(Workspace workspace, string provider) =>
        workspace.Replace("environments/prod.bicepparam", "'CAPTURE_PROVIDER')", $"'UNSET', '{provider}')");

    private static async Task<HashSet<string>> SettableAsync()
    {
        var template = await Template.MainAsync();
        var app = template.Section("definitions").Single(definition => definition.Key.EndsWith("appSettings", StringComparison.Ordinal)).Value;
        Assert.False(app["additionalProperties"]!.GetValue<bool>());
        var withAuthority = (await Deployment.HubApartAsync()).AppSettings.Keys;
        return [.. app["properties"]!.AsObject().Select(property => property.Key), .. withAuthority, "Auth__Jwks", "Auth__Issuer"];
    }

    private static HashSet<string> ReadByTheApp()
    {
        var questions = new Questions();
        using var services = Services(new ConfigurationRoot([questions]));
        services.FindSettingsErrors();
        return questions.Asked;
    }

    private static ServiceProvider Services(IConfiguration configuration) => new ServiceCollection().AddSingleton(configuration).AddCloudRewind().BuildServiceProvider();

    // What Azure works out when it deploys stands here as an address, which all of it is or may be.
    private static IConfiguration Configuration(Deployment deployment) => new ConfigurationBuilder()
        .AddInMemoryCollection(deployment.AppSettings.Select(setting => KeyValuePair.Create(
            setting.Key.Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal),
            (string?)(setting.Value.StartsWith("[reference(", StringComparison.Ordinal) ? "https://worked.out.example.com/" : setting.Value))))
        .Build();

    /// <summary>Holds nothing, and notes what it is asked for.</summary>
    private sealed class Questions : ConfigurationProvider
    {
        public HashSet<string> Asked { get; } = new(StringComparer.Ordinal);

        public override bool TryGet(string key, out string? value)
        {
            Asked.Add(key.Replace(ConfigurationPath.KeyDelimiter, "__", StringComparison.Ordinal));
            value = null;
            return false;
        }
    }
}
