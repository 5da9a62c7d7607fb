using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.SecurityToken.Model;
using static CloudRewind.Capture.Tests.Emulator.EmulatorBench;
using Tag = Amazon.EC2.Model.Tag;

namespace CloudRewind.Capture.Tests.Emulator;

public sealed class PolicyTests : EmulatorTests
{
    private const string OnSources = """{"Sid":"Sources","Effect":"Allow","Action":"ec2:CreateSnapshot*","Resource":["arn:aws:ec2:*:*:volume/*","arn:aws:ec2:*:*:instance/*"]}""";
    private const string OnSnapshots = """
        {"Sid":"Snapshots","Effect":"Allow","Action":["ec2:CreateSnapshot","ec2:CreateSnapshots"],"Resource":"arn:aws:ec2:*::snapshot/*","Condition":{"StringLike":{"aws:RequestTag/app":"s*"}}}
        """;
    private const string OnTags = """
        {"Sid":"Tags","Effect":"Allow","Action":"ec2:CreateTags","Resource":"arn:aws:ec2:*::snapshot/*","Condition":{"StringEquals":{"ec2:CreateAction":["CreateSnapshot","CreateSnapshots"]}}}
        """;

    [Fact]
    public async Task A_set_needs_the_instance_every_volume_the_snapshots_and_their_tags()
    {
        var instance = Bench.Aws.AddInstance([8, 20]);
        string[] all = [OnSources, OnSnapshots, OnTags];
        await CreateSetAsync(all);
        Bench.Time.Advance(TimeSpan.FromMinutes(1));
        foreach (var (missing, action, resource) in new[]
        {
            (OnSources, "ec2:CreateSnapshots", $"instance/{instance.Id}"),
            (OnSnapshots, "ec2:CreateSnapshots", "snapshot/*"),
            (OnTags, "ec2:CreateTags", "snapshot/*"),
        })
        {
            var error = await RefusedAsync("UnauthorizedOperation", 403, () => CreateSetAsync([.. all.Except([missing])]));
            Assert.StartsWith(
                $"You are not authorized to perform this operation. User: arn:aws:sts::123456789012:assumed-role/tested/a-test is not authorized to perform: {action} on resource: arn:aws:ec2:", error.Message,
                StringComparison.Ordinal);
            Assert.Contains($"{resource} because no identity-based policy allows the {action} action. Encoded authorization failure message: ", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(2, Bench.Aws.Snapshots.Count);

        async Task CreateSetAsync(string[] statements)
        {
            var (client, _) = await Bench.RestrictedAsync(string.Join(',', statements));
            await client.CreateSnapshotsAsync(new CreateSnapshotsRequest
            {
                InstanceSpecification = new InstanceSpecification { InstanceId = instance.Id },
                TagSpecifications = [TagsOfSnapshots(("app", "shop"))],
            });
        }
    }

    [Fact]
    public async Task A_condition_on_a_request_tag_holds_only_with_that_tag()
    {
        var (client, _) = await Bench.RestrictedAsync($"{OnSources},{OnSnapshots},{OnTags}");

        await RefusedAsync("UnauthorizedOperation", 403, () => CreateAsync());
        await RefusedAsync("UnauthorizedOperation", 403, () => CreateAsync(("app", "other")));
        await CreateAsync(("app", "shop"));

        Task CreateAsync(params (string, string)[] tags) => client.CreateSnapshotAsync(
            new CreateSnapshotRequest { VolumeId = Bench.Aws.AddVolume().Id, TagSpecifications = tags.Length == 0 ? null : [TagsOfSnapshots(tags)] });
    }

    [Theory]
    [InlineData("aws:ResourceTag/app")]
    [InlineData("ec2:ResourceTag/app")]
    [InlineData("aws:resourcetag/App")]
    public async Task A_condition_on_a_resource_tag_is_asked_of_the_snapshot_that_is_deleted(string key)
    {
        await Bench.SnapshotAsync(Bench.Aws.AddVolume().Id, ("app", "shop"));
        await Bench.SnapshotAsync(Bench.Aws.AddVolume().Id);
        var (client, _) = await Bench.RestrictedAsync(
            $$$"""{"Sid":"Ours","Effect":"Allow","Action":"ec2:DeleteSnapshot","Resource":"arn:aws:ec2:*::snapshot/*","Condition":{"StringEquals":{"{{{key}}}":"shop"} } }""");
        var (ours, other) = (Bench.Aws.Snapshots[0].Id, Bench.Aws.Snapshots[1].Id);

        await RefusedAsync("UnauthorizedOperation", 403, () => client.DeleteSnapshotAsync(new DeleteSnapshotRequest(other)));
        await client.DeleteSnapshotAsync(new DeleteSnapshotRequest(ours));

        Assert.Equal(other, Assert.Single(Bench.Aws.Snapshots).Id);
    }

    [Theory]
    [InlineData("ForAllValues:StringEquals", """{"aws:TagKeys":["app","tier"]}""", true, false)]
    [InlineData("ForAnyValue:StringEquals", """{"aws:TagKeys":"app"}""", true, true)]
    [InlineData("ForAnyValue:StringEquals", """{"aws:TagKeys":"tier"}""", false, false)]
    [InlineData("Null", """{"aws:RequestTag/owner":"true"}""", true, false)]
    [InlineData("Null", """{"aws:RequestTag/owner":"false"}""", false, true)]
    public async Task Operators_on_tag_keys(string test, string keys, bool withApp, bool withAppAndOwner)
    {
        var (client, _) = await Bench.RestrictedAsync(
            $$"""{"Sid":"Tags","Effect":"Allow","Action":"ec2:CreateTags","Resource":"*","Condition":{"{{test}}":{{keys}} } }""");
        var volume = Bench.Aws.AddVolume();

        Assert.Equal((withApp, withAppAndOwner), (await IsAllowedAsync("app"), await IsAllowedAsync("app", "owner")));

        async Task<bool> IsAllowedAsync(params string[] tags)
        {
            var error = await Assert.ThrowsAsync<AmazonEC2Exception>(() => client.CreateTagsAsync(
                new CreateTagsRequest { Resources = [volume.Id], Tags = [.. tags.Select(key => new Tag(key, "x"))], DryRun = true }));
            return error.ErrorCode == "DryRunOperation";
        }
    }

    [Fact]
    public async Task A_describe_call_is_refused_without_naming_a_resource()
    {
        var (client, _) = await Bench.RestrictedAsync(OnSources);

        var error = await RefusedAsync("UnauthorizedOperation", 403, () => client.DescribeVolumesAsync(new DescribeVolumesRequest { DryRun = true }));

        Assert.EndsWith("is not authorized to perform: ec2:DescribeVolumes because no identity-based policy allows the ec2:DescribeVolumes action", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_knows_which_of_its_grants_were_needed()
    {
        var (client, policy) = await Bench.RestrictedAsync($"{OnSources},{OnSnapshots},{OnTags}");
        await client.CreateSnapshotAsync(new CreateSnapshotRequest { VolumeId = Bench.Aws.AddVolume().Id, TagSpecifications = [TagsOfSnapshots(("app", "shop"))] });

        Assert.Equal([("Snapshots", "ec2:CreateSnapshot"), ("Sources", "ec2:CreateSnapshot*"), ("Tags", "ec2:CreateTags")], policy.Used.Order());
        Assert.Equal([("Snapshots", "ec2:CreateSnapshots")], policy.Grants.Except(policy.Used));
    }

    [Fact]
    public async Task A_refusal_can_be_decoded()
    {
        var (client, _) = await Bench.RestrictedAsync(OnSources);
        var error = await RefusedAsync("UnauthorizedOperation", 403, () => client.CreateSnapshotAsync(new CreateSnapshotRequest { VolumeId = Bench.Aws.AddVolume().Id }));

        var decoded = await Bench.Sts.DecodeAuthorizationMessageAsync(new DecodeAuthorizationMessageRequest { EncodedMessage = error.Message[(error.Message.LastIndexOf(' ') + 1)..] });

        Assert.Contains("\"action\":\"ec2:CreateSnapshot\"", decoded.DecodedMessage, StringComparison.Ordinal);
    }
}
