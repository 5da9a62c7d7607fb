using System.Text.Json.Nodes;

namespace CloudRewind.EndToEnd.Tests.Assemblies;

/// <summary>What PutAwsCloudAssembly finds fault with: all of it at once, each by its path.</summary>
public sealed class AssemblyValidationTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private readonly ApiClient client = fixture.App.NewAssembly();

    [Fact]
    public async Task Of_nothing_each_required_member_is_missing() =>
        (await PutAsync("{}")).IsRefused(412, "invalid-request", "name", "sourceRegion", "cloudConnection", "resourceFilterStrategy", "status");

    [Fact]
    public async Task Null_counts_as_missing() => (await PutAsync(
        """{"name":null,"sourceRegion":null,"cloudConnection":null,"resourceFilterStrategy":null,"status":null}"""))
        .IsRefused(412, "invalid-request", "name", "sourceRegion", "cloudConnection", "resourceFilterStrategy", "status");

    [Fact]
    public async Task Wrong_types_are_named_at_once() => (await PutAsync(
        """{"name":1,"description":[],"sourceRegion":{},"cloudConnection":"arn","resourceFilterStrategy":[],"retention":7,"status":true}"""))
        .IsRefused(412, "invalid-request", "name", "description", "sourceRegion", "cloudConnection", "resourceFilterStrategy", "retention", "status");

    [Fact]
    public async Task Members_within_members_are_named_by_their_paths() => (await PutAsync(
        """
        {"name":"","sourceRegion":"moon","cloudConnection":{"roleArn":"arn:aws:s3:::bucket","externalId":" ","more":1},
         "resourceFilterStrategy":{"filterType":"all"},"retention":"P1Y","status":"on","more":{}}
        """)).IsRefused(
            412,
            "invalid-request",
            "name",
            "sourceRegion",
            "cloudConnection.roleArn",
            "cloudConnection.externalId",
            "cloudConnection.more",
            "resourceFilterStrategy.filterType",
            "retention",
            "status",
            "more");

    [Theory]
    [InlineData("""{"filterType":"manual"}""", "resources")]
    [InlineData("""{"filterType":"manual","resources":"sim-ok-a"}""", "resources")]
    [InlineData("""{"filterType":"manual","resources":[1]}""", "resources")]
    [InlineData("""{"filterType":"manual","resources":[""]}""", "resources")]
    [InlineData("""{"filterType":"manual","resources":["sim-ok-a","sim-ok-a"]}""", "resources")]
    [InlineData("""{"filterType":"manual","resources":[],"vpcId":"vpc-0a1b2c3d"}""", "vpcId")]
    [InlineData("""{"filterType":"vpc"}""", "vpcId")]
    [InlineData("""{"filterType":"vpc","vpcId":"vpc-*"}""", "vpcId")]
    [InlineData("""{"filterType":"tags"}""", "tags")]
    [InlineData("""{"filterType":"tags","tags":[]}""", "tags")]
    [InlineData("""{"filterType":"tags","tags":["app"]}""", "tags")]
    [InlineData("""{"filterType":"manual","resources":["sim-ok-a","i-0123456789abcdef0"]}""", "resources")]
    [InlineData("""{"filterType":"manual","resources":["vol-*"]}""", "resources")]
    [InlineData("""{"filterType":"tags","tags":[{"key":"app"}]}""", "tags[0].value")]
    [InlineData("""{"filterType":"tags","tags":[{"key":"app*","value":"shop"}]}""", "tags[0].key")]
    [InlineData("""{"filterType":"tags","tags":[{"key":" ","value":"shop"}]}""", "tags[0].key")]
    [InlineData("""{"filterType":"tags","tags":[{"key":"a","value":"b"},{"value":7}]}""", "tags[1].key", "tags[1].value")]
    [InlineData("""{"filterType":"tags","tags":[{"key":"a","value":"b"}],"conditions":"any"}""", "conditions")]
    [InlineData("""{"filterType":"Manual","resources":[]}""", "filterType")]
    public async Task A_filter_that_is_wrong_is_named_by_its_member(string filter, params string[] members)
    {
        var body = AssemblyBody.Of();
        body["resourceFilterStrategy"] = JsonNode.Parse(filter);

        (await client.PutAssemblyAsync(body)).IsRefused(412, "invalid-request", [.. members.Select(member => $"resourceFilterStrategy.{member}")]);
    }

    [Fact]
    public async Task An_id_of_AWS_is_refused_where_capture_is_simulated_and_the_answer_says_so()
    {
        var answer = await client.PutAssemblyAsync(AssemblyBody.Of("sim-ok-a", "vol-0123456789abcdef0"));

        Assert.Contains(
            "'vol-0123456789abcdef0' is not a simulated id: those begin with sim-ok-",
            answer.Json.GetProperty("fieldErrors").GetProperty("resourceFilterStrategy.resources").GetString(),
            StringComparison.Ordinal);
        Assert.Contains("set Capture__Provider=Aws", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("arn:aws-cn:iam::123456789012:role/x", "eu-central-1", "arn:aws:")]
    [InlineData("arn:aws:iam::123456789012:role/x", "cn-north-1", "arn:aws-cn:")]
    [InlineData("arn:aws:iam::123456789012:role/x", "us-gov-west-1", "arn:aws-us-gov:")]
    [InlineData("arn:aws-moon:iam::123456789012:role/x", "eu-central-1", "arn:aws:")]
    public async Task A_role_of_another_partition_than_the_regions_is_refused(string role, string region, string right)
    {
        var body = AssemblyBody.Of();
        body["sourceRegion"] = region;
        body["cloudConnection"]!["roleArn"] = role;

        var answer = await client.PutAssemblyAsync(body);

        answer.IsRefused(412, "invalid-request", "cloudConnection.roleArn");
        Assert.Contains($"its ARN must begin with '{right}'", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_of_the_regions_own_partition_is_accepted()
    {
        var body = AssemblyBody.Of();
        body["sourceRegion"] = "us-isob-east-1";
        body["cloudConnection"]!["roleArn"] = "arn:aws-iso-b:iam::123456789012:role/x";

        Assert.Equal(201, (await client.PutAssemblyAsync(body)).Status);
    }

    [Fact]
    public async Task What_was_refused_is_not_there()
    {
        (await PutAsync("{}")).IsRefused(412, "invalid-request", "name", "sourceRegion", "cloudConnection", "resourceFilterStrategy", "status");

        (await client.GetAsync(client.Address.Path)).IsRefused(404, "cloud-assembly-not-found");
    }

    private Task<Answer> PutAsync(string body) => client.SendAsync(HttpMethod.Put, client.Address.Path, body);
}
