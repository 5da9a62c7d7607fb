using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CloudRewind.Infrastructure.Tests.Support;
using CloudRewind.Storage.Tables;
using CloudRewind.TestSupport;

namespace CloudRewind.Infrastructure.Tests;

public sealed class ResourcesTests
{
    private const string Account = "Microsoft.Storage/storageAccounts";

    // Type, longest name, and the characters that a name may have.
    private static readonly (string Type, int Longest, string Allowed)[] Naming =
    [
        ("Microsoft.Resources/resourceGroups", 90, "[A-Za-z0-9-]"),
        (Account, 24, "[a-z0-9]"),
        ("Microsoft.Web/sites", 60, "[A-Za-z0-9-]"),
        ("Microsoft.Web/serverfarms", 40, "[A-Za-z0-9-]"),
        ("Microsoft.ManagedIdentity/userAssignedIdentities", 128, "[A-Za-z0-9-]"),
        ("Microsoft.OperationalInsights/workspaces", 63, "[A-Za-z0-9-]"),
        ("Microsoft.Insights/components", 260, "[A-Za-z0-9-]"),
        ("Microsoft.DurableTask/schedulers", 64, "[A-Za-z0-9-]"),
        ("Microsoft.Network/virtualNetworks", 64, "[A-Za-z0-9-]"),
        ("Microsoft.Network/privateEndpoints", 64, "[A-Za-z0-9-]"),
        ("Microsoft.Network/natGateways", 80, "[A-Za-z0-9-]"),
        ("Microsoft.Network/publicIPAddresses", 80, "[A-Za-z0-9-]"),
        ("Microsoft.Insights/actionGroups", 260, "[A-Za-z0-9-]"),
        ("Microsoft.Insights/metricAlerts", 260, "[A-Za-z0-9-]"),
        ("Microsoft.Insights/scheduledQueryRules", 260, "[A-Za-z0-9-]"),
        ("Microsoft.Insights/workbooks", 36, "[a-f0-9-]"),
    ];

    // Their names are not ours to choose, and no part of them is the environment's name but what the name of an endpoint has.
    private static readonly string[] NamedByAzure = ["Microsoft.Network/privateDnsZones", "Microsoft.Network/privateDnsZones/virtualNetworkLinks"];

    /// <summary>What Durable Functions keeps beside them, it makes itself.</summary>
    [BicepTheory]
    [MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public async Task The_account_has_the_tables_of_the_app_and_the_container_of_the_package_and_no_more(string environment)
    {
        var deployment = await Deployment.OfAsync(environment);

        Assert.Equal(StorageTables.Names.Order(StringComparer.Ordinal), deployment.Names($"{Account}/tableServices/tables").Order(StringComparer.Ordinal));
        Assert.Equal(["packages"], deployment.Names($"{Account}/blobServices/containers"));
        Assert.Empty(deployment.All($"{Account}/queueServices/queues"));
    }

    [BicepTheory]
    [MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public async Task The_runtime_is_the_framework_that_the_app_is_built_for(string environment)
    {
        var framework = XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props")).Descendants("TargetFramework").Single().Value;
        var deployment = await Deployment.OfAsync(environment);

        var runtime = deployment.Single("Microsoft.Web/sites")["properties"]!["functionAppConfig"]!["runtime"]!;

        Assert.Equal("dotnet-isolated", runtime["name"]!.GetValue<string>());
        Assert.Equal(framework, $"net{runtime["version"]!.GetValue<string>()}");
        Assert.Equal("FC1", deployment.Single("Microsoft.Web/serverfarms")["sku"]!["name"]!.GetValue<string>());
    }

    [BicepTheory]
    [MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public async Task Storage_takes_identities_over_tls_and_nothing_else(string environment)
    {
        var account = (await Deployment.OfAsync(environment)).Single(Account)["properties"]!;

        Assert.False(account["allowSharedKeyAccess"]!.GetValue<bool>());
        Assert.False(account["allowBlobPublicAccess"]!.GetValue<bool>());
        Assert.False(account["allowCrossTenantReplication"]!.GetValue<bool>());
        Assert.True(account["defaultToOAuthAuthentication"]!.GetValue<bool>());
        Assert.True(account["supportsHttpsTrafficOnly"]!.GetValue<bool>());
        Assert.Equal("TLS1_2", account["minimumTlsVersion"]!.GetValue<string>());
    }

    [BicepTheory]
    [MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public async Task The_app_is_reached_over_tls_and_published_to_with_an_identity(string environment)
    {
        var deployment = await Deployment.OfAsync(environment);
        var site = deployment.Single("Microsoft.Web/sites")["properties"]!;

        Assert.True(site["httpsOnly"]!.GetValue<bool>());
        Assert.Equal("1.2", site["siteConfig"]!["minTlsVersion"]!.GetValue<string>());
        Assert.Equal(["ftp", "scm"], deployment.Names("Microsoft.Web/sites/basicPublishingCredentialsPolicies").Order());
        Assert.All(deployment.All("Microsoft.Web/sites/basicPublishingCredentialsPolicies"), policy => Assert.False(policy["properties"]!["allow"]!.GetValue<bool>()));
    }

    [BicepTheory]
    [MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public async Task Logs_take_identities_only(string environment)
    {
        var deployment = await Deployment.OfAsync(environment);

        Assert.True(deployment.Single("Microsoft.Insights/components")["properties"]!["DisableLocalAuth"]!.GetValue<bool>());
        Assert.True(deployment.Single("Microsoft.OperationalInsights/workspaces")["properties"]!["features"]!["disableLocalAuth"]!.GetValue<bool>());
    }

    [BicepFact]
    public async Task In_prod_data_survives_a_lost_region_and_the_app_a_lost_zone()
    {
        var prod = await Deployment.OfAsync("prod");
        var groups = prod.Single("Microsoft.Web/sites")["properties"]!["functionAppConfig"]!["scaleAndConcurrency"]!["alwaysReady"]!.AsArray();

        Assert.Equal("Standard_GZRS", prod.Single(Account)["sku"]!["name"]!.GetValue<string>());
        Assert.True(prod.Single("Microsoft.Web/serverfarms")["properties"]!["zoneRedundant"]!.GetValue<bool>());
        Assert.All(groups, group => Assert.True(group!["instanceCount"]!.GetValue<int>() >= 2));
        Assert.False((await Deployment.OfAsync("dev")).Single("Microsoft.Web/serverfarms")["properties"]!["zoneRedundant"]!.GetValue<bool>());
    }

    [BicepFact]
    public async Task In_prod_data_and_logs_are_locked_against_deletion()
    {
        var locks = (await Deployment.OfAsync("prod")).All("Microsoft.Authorization/locks").ToList();

        Assert.All(locks, each => Assert.Equal("CanNotDelete", each["properties"]!["level"]!.GetValue<string>()));
        Assert.Equal(
            ["Microsoft.OperationalInsights/workspaces", Account],
            locks.Select(each => LockedType(each["id"]!.GetValue<string>())).Order(StringComparer.Ordinal));
        Assert.Empty((await Deployment.OfAsync("dev")).All("Microsoft.Authorization/locks"));
    }

    [BicepFact]
    public async Task The_one_way_out_of_the_virtual_network_is_its_nat_gateway()
    {
        var prod = await Deployment.OfAsync("prod");
        var subnets = prod.Single("Microsoft.Network/virtualNetworks")["properties"]!["subnets"]!.AsArray();

        Assert.All(subnets, subnet => Assert.False(subnet!["properties"]!["defaultOutboundAccess"]!.GetValue<bool>()));
        Assert.Equal(prod.Single("Microsoft.Network/natGateways")["id"]!.GetValue<string>(), subnets[0]!["properties"]!["natGateway"]!["id"]!.GetValue<string>());
        Assert.Equal("Static", prod.Single("Microsoft.Network/publicIPAddresses")["properties"]!["publicIPAllocationMethod"]!.GetValue<string>());
    }

    [BicepFact]
    public async Task In_prod_storage_is_reached_through_the_virtual_network_alone()
    {
        var deployment = await Deployment.OfAsync("prod");
        var account = deployment.Single(Account)["properties"]!;

        Assert.Equal("Disabled", account["publicNetworkAccess"]!.GetValue<string>());
        Assert.Equal("Deny", account["networkAcls"]!["defaultAction"]!.GetValue<string>());
        Assert.Equal(["pe-blob-cloudrewind-prod", "pe-queue-cloudrewind-prod", "pe-table-cloudrewind-prod"], deployment.Names("Microsoft.Network/privateEndpoints").Order());
        Assert.NotNull(deployment.Single("Microsoft.Web/sites")["properties"]!["virtualNetworkSubnetId"]);
        Assert.Equal("Enabled", deployment.Single("Microsoft.Web/sites")["properties"]!["publicNetworkAccess"]!.GetValue<string>());
    }

    /// <summary>The names of storage's zones follow the cloud; those of the other two are known for the public cloud only.</summary>
    [BicepFact]
    public async Task The_app_itself_can_be_closed_to_the_world_too()
    {
        var deployment = await Deployment.PrivateAsync();

        Assert.Equal("Disabled", deployment.Single("Microsoft.Web/sites")["properties"]!["publicNetworkAccess"]!.GetValue<string>());
        Assert.Equal(
            ["pe-app-cloudrewind-prod", "pe-blob-cloudrewind-prod", "pe-queue-cloudrewind-prod", "pe-scheduler-cloudrewind-prod", "pe-table-cloudrewind-prod"],
            deployment.Names("Microsoft.Network/privateEndpoints").Order(StringComparer.Ordinal));
        Assert.Equal(
            [StorageZone("blob"), StorageZone("queue"), StorageZone("table"), "privatelink.azurewebsites.net", "privatelink.durabletask.io"],
            deployment.Names("Microsoft.Network/privateDnsZones").Order(StringComparer.Ordinal));
    }

    [BicepFact]
    public async Task Where_host_json_asks_for_the_scheduler_it_is_made_in_place_of_the_hub_in_storage()
    {
        var deployment = await Deployment.PrivateAsync();
        var hub = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "host.json")))!["extensions"]!["durableTask"]!["hubName"]!.GetValue<string>();

        Assert.Equal([hub], deployment.Names("Microsoft.DurableTask/schedulers/taskHubs"));
        var settings = deployment.Single("Microsoft.Web/sites/config")["properties"]!.GetValue<string>();
        Assert.Contains("format('{0};ClientID={1}'", settings, StringComparison.Ordinal);
        Assert.Equal("Disabled", deployment.Single("Microsoft.DurableTask/schedulers")["properties"]!["publicNetworkAccess"]!.GetValue<string>());
    }

    [BicepFact]
    public async Task Names_are_within_the_limits_for_the_longest_environment()
    {
        var deployment = await Deployment.OfAsync("prod", workspace =>
        {
            Scheduler.InHostJson(workspace);
            workspace.Replace("environments/prod.bicepparam", "environmentName = 'prod'", "environmentName = 'abcdefghijkl'");
            workspace.Replace("environments/prod.bicepparam", "'private-data'", "'private'");
        });

        Assert.All(Naming, naming =>
        {
            Assert.NotEmpty(deployment.Names(naming.Type));
            Assert.All(deployment.Names(naming.Type), name => Assert.Matches($"^{naming.Allowed}{{1,{naming.Longest}}}$", name));
        });
        Assert.Subset(
            Naming.Select(naming => naming.Type).Concat(NamedByAzure).ToHashSet(),
            deployment.Resources.Where(resource => resource["tags"] is not null).Select(resource => resource["type"]!.GetValue<string>()).ToHashSet());
    }

    [BicepTheory]
    [MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public async Task Every_resource_with_a_place_says_which_environment_it_belongs_to(string environment)
    {
        var placed = (await Deployment.OfAsync(environment)).Resources.Where(resource => resource["location"] is not null).ToList();

        Assert.NotEmpty(placed);
        Assert.All(placed, resource => Assert.True(resource["tags"]?["azd-env-name"]?.GetValue<string>() == environment, resource["id"]!.GetValue<string>()));
    }

    // In another cloud than the public one, storage has another suffix: that is known only when it deploys.
    private static string StorageZone(string part) => $"[format('privatelink.{part}.{{0}}', environment().suffixes.storage)]";

    private static string LockedType(string id) => Regex.Match(id, "/providers/([^/]+/[^/]+)/[^/]+/providers/Microsoft.Authorization/locks/").Groups[1].Value;
}
