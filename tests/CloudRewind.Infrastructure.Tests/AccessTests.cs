using System.Text.RegularExpressions;
using CloudRewind.Infrastructure.Tests.Support;

namespace CloudRewind.Infrastructure.Tests;

public sealed partial class AccessTests
{
    private static readonly Dictionary<string, string> Roles = new(StringComparer.Ordinal)
    {
        ["b7e6dc6d-f1e8-4753-8033-0f276bb0955b"] = "Storage Blob Data Owner",
        ["974c5e8b-45b9-4653-ba55-5f855dd0fb88"] = "Storage Queue Data Contributor",
        ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"] = "Storage Table Data Contributor",
        ["3913510d-42f4-4e42-8a64-420c390055eb"] = "Monitoring Metrics Publisher",
        ["0ad04412-c4d5-4796-b79c-f76d14c8d402"] = "Durable Task Data Contributor",
    };

    // The whole list: what is not on it is too much.
    private static readonly string[] Expected =
    [
        "Monitoring Metrics Publisher on Microsoft.Insights/components",
        "Storage Blob Data Owner on Microsoft.Storage/storageAccounts",
        "Storage Queue Data Contributor on Microsoft.Storage/storageAccounts",
        "Storage Table Data Contributor on Microsoft.Storage/storageAccounts",
    ];

    [BicepTheory]
    [MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public async Task The_app_may_do_what_is_listed_here_and_nothing_else(string environment)
    {
        Assert.Equal(Expected, Assignments(await Deployment.OfAsync(environment)));
    }

    [BicepFact]
    public async Task With_a_scheduler_it_may_also_work_on_its_one_task_hub()
    {
        var deployment = await Deployment.PrivateAsync();

        Assert.Equal(
            Expected.Append("Durable Task Data Contributor on Microsoft.DurableTask/schedulers/taskHubs").Order(StringComparer.Ordinal),
            Assignments(deployment));
    }

    [BicepFact]
    public async Task With_an_account_for_the_task_hub_it_may_work_on_that_and_on_the_tables_of_the_other()
    {
        var deployment = await Deployment.HubApartAsync();
        var hub = deployment.Names("Microsoft.Storage/storageAccounts").Single(name => name.StartsWith("stcrwhub", StringComparison.Ordinal));

        Assert.Equal(Expected.Append("Storage Table Data Contributor on Microsoft.Storage/storageAccounts"), Assignments(deployment));
        Assert.Equal(3, deployment.All("Microsoft.Authorization/roleAssignments").Count(assignment => assignment["id"]!.GetValue<string>().Contains($"/{hub}'", StringComparison.Ordinal)));
    }

    [BicepTheory]
    [MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public async Task Nobody_but_the_apps_identity_is_assigned_a_role(string environment)
    {
        var deployment = await Deployment.OfAsync(environment);
        Assert.All(deployment.All("Microsoft.Authorization/roleAssignments"), assignment =>
        {
            Assert.Equal("ServicePrincipal", assignment["properties"]!["principalType"]!.GetValue<string>());
            Assert.Matches(@"^\[reference\(.*'Microsoft\.Resources/deployments', format\('identity-.*\.outputs\.principalId\.value\]$", assignment["properties"]!["principalId"]!.GetValue<string>());
        });
        Assert.Equal("UserAssigned", deployment.Single("Microsoft.Web/sites")["identity"]!["type"]!.GetValue<string>());
    }

    /// <summary>Or an identity that is made again under its name could not be assigned the roles of the one before.</summary>
    [BicepTheory]
    [MemberData(nameof(Deployment.Environments), MemberType = typeof(Deployment))]
    public async Task The_name_of_an_assignment_depends_on_who_it_is_for(string environment) => Assert.All(
        (await Deployment.OfAsync(environment)).All("Microsoft.Authorization/roleAssignments"),
        assignment => Assert.Contains(assignment["properties"]!["principalId"]!.GetValue<string>().Trim('[', ']'), assignment["name"]!.GetValue<string>(), StringComparison.Ordinal));

    private static IEnumerable<string> Assignments(Deployment deployment) => deployment
        .All("Microsoft.Authorization/roleAssignments")
        .Select(assignment =>
        {
            var role = assignment["properties"]!["roleDefinitionId"]!.GetValue<string>().Split('/')[^1];
            return $"{Roles.GetValueOrDefault(role, role)} on {TypeOfScope(assignment["id"]!.GetValue<string>())}";
        })
        .Order(StringComparer.Ordinal);

    // [extensionResourceId('.../providers/NAMESPACE/TYPE/NAME[/TYPE/NAME]', 'Microsoft.Authorization/...
    private static string TypeOfScope(string id)
    {
        var parts = Scope().Match(id).Groups[1].Value.Split('/');
        return string.Join('/', parts.Where((_, index) => index == 0 || index % 2 == 1));
    }

    [GeneratedRegex("^\\[extensionResourceId\\('[^']*?/providers/([^']+)', 'Microsoft.Authorization/roleAssignments'")]
    private static partial Regex Scope();
}
