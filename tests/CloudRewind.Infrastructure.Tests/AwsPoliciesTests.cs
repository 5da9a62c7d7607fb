using System.Text.Json;
using CloudRewind.TestSupport;

namespace CloudRewind.Infrastructure.Tests;

/// <summary>The policies that docs/aws.md has people create; what the capture policy allows is held against the code elsewhere.</summary>
public sealed class AwsPoliciesTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "infra", "aws");

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Folder).Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_policy_is_in_the_documentation_and_allows_nothing_without_bounds(string file)
    {
        Assert.Contains(file, File.ReadAllText(Path.Combine(Repository.Root, "docs", "aws.md")), StringComparison.Ordinal);
        var policy = Read(file);
        Assert.Equal("2012-10-17", policy.GetProperty("Version").GetString());
        var statements = policy.GetProperty("Statement").EnumerateArray().ToList();
        Assert.Equal(statements.Count, statements.Select(statement => statement.GetProperty("Sid").GetString()).Distinct().Count());
        Assert.All(statements, statement =>
        {
            var actions = statement.GetProperty("Action");
            string[] named = actions.ValueKind == JsonValueKind.Array ? [.. actions.EnumerateArray().Select(action => action.GetString()!)] : [actions.GetString()!];
            Assert.DoesNotContain(named, action => action.Contains('*', StringComparison.Ordinal));
            if (statement.TryGetProperty("Resource", out var resource) && resource.ToString() == "*")
                Assert.All(named, action => Assert.Matches("^(ec2:Describe|sts:DecodeAuthorizationMessage$)", action));
        });
    }

    [Fact]
    public void The_hub_role_is_given_for_the_apps_own_identity_and_audience_only()
    {
        var condition = Assert.Single(Read("hub-trust-policy.json").GetProperty("Statement").EnumerateArray()).GetProperty("Condition").GetProperty("StringEquals");

        Assert.Equal("AUDIENCE", condition.GetProperty("sts.windows.net/TENANT_ID/:aud").GetString());
        Assert.Equal("PRINCIPAL_ID", condition.GetProperty("sts.windows.net/TENANT_ID/:sub").GetString());
    }

    [Fact]
    public void A_capture_role_is_given_to_the_hub_with_the_external_id_only()
    {
        var statement = Assert.Single(Read("capture-trust-policy.json").GetProperty("Statement").EnumerateArray());

        Assert.Equal("arn:aws:iam::HUB_ACCOUNT:role/cloud-rewind-hub", statement.GetProperty("Principal").GetProperty("AWS").GetString());
        Assert.Equal("EXTERNAL_ID", statement.GetProperty("Condition").GetProperty("StringEquals").GetProperty("sts:ExternalId").GetString());
    }

    private static JsonElement Read(string file) => JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, file))).RootElement;
}
