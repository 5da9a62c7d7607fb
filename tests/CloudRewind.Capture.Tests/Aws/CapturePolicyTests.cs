using CloudRewind.AwsEmulator.Iam;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.TestSupport;

namespace CloudRewind.Capture.Tests.Aws;

/// <summary>The policy that customers are told to use, against what the provider does: it allows all of that, and nothing more.</summary>
public sealed class CapturePolicyTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(Repository.Root, "infra", "aws", "capture-policy.json"));

    public static TheoryData<string, string> Grants()
    {
        var grants = new TheoryData<string, string>();
        foreach (var (sid, action) in Policy.Parse(Document).Grants)
            grants.Add(sid, action);
        return grants;
    }

    [Fact]
    public async Task With_it_the_provider_does_everything_and_misses_nothing()
    {
        var policy = Policy.Parse(Document);
        await using var bench = await AwsBench.StartAsync(options => options with { CopyTagsFromSource = true }, policy);

        var missing = await DoEverythingAsync(bench);

        Assert.Empty(missing);
        Assert.DoesNotContain(bench.Aws.Calls, call => call.Answer == "UnauthorizedOperation");
        Assert.Empty(bench.Aws.Snapshots);
        Assert.Equal(
            policy.Grants.Except([("ExplainRefusals", "sts:DecodeAuthorizationMessage")]).Order(),
            policy.Used.Except([("ExplainRefusals", "sts:DecodeAuthorizationMessage")]).Order());
    }

    [Theory]
    [MemberData(nameof(Grants))]
    public async Task Without_any_part_of_it_something_is_refused(string sid, string action)
    {
        await using var bench = await AwsBench.StartAsync(policy: Policy.Parse(Document.Replace($"\"{action}\"", "\"none:None\"", StringComparison.Ordinal)));
        if (action == "sts:DecodeAuthorizationMessage")
        {
            await NamesTheActionOnlyWithAsync(bench, allowed: false);
            await using var allowed = await AwsBench.StartAsync(policy: Policy.Parse(Document));
            await NamesTheActionOnlyWithAsync(allowed, allowed: true);
            return;
        }

        try
        {
            await DoEverythingAsync(bench);
        }
        catch (CaptureRefusedException error)
        {
            Assert.Contains($"lacks the IAM permission {action}", error.Message, StringComparison.Ordinal);
        }

        Assert.True(bench.Aws.Calls.Any(call => call.Answer == "UnauthorizedOperation"), $"{sid}: {action} is not needed");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_snapshot_that_is_gone_is_not_there_whether_IAM_denies_its_removal_or_EC2_does_not_find_it(bool denies)
    {
        await using var bench = await AwsBench.StartAsync(policy: Policy.Parse(Document));
        bench.Aws.Faults.DeniesWhatIsGone = denies;
        var target = AwsBench.Target(AwsBench.Manual(bench.Aws.AddVolume().Id));
        var id = (await bench.StartAllAsync(target))[0].Id;

        Assert.True(await bench.Provider.RemoveAsync(target, id, CancellationToken.None));
        Assert.False(await bench.Provider.RemoveAsync(target, id, CancellationToken.None));
        Assert.Equal(denies ? 1 : 0, bench.Aws.Count("DeleteSnapshot", "UnauthorizedOperation"));
    }

    [Fact]
    public void It_lets_nothing_be_created_without_the_tag_and_nothing_be_deleted_that_does_not_have_it()
    {
        var policy = Policy.Parse(Document);

        Assert.False(policy.Allows("ec2:CreateSnapshot", "arn:aws:ec2:eu-central-1::snapshot/*", []));
        Assert.False(policy.Allows("ec2:DeleteSnapshot", "arn:aws:ec2:eu-central-1::snapshot/snap-1", [new("aws:ResourceTag/Name", "nightly")]));
        Assert.False(policy.Allows("ec2:CreateTags", "arn:aws:ec2:eu-central-1::snapshot/snap-1", [new("aws:RequestTag/cloudrewind:protection", "t1:demo:7:0:1")]));
        Assert.False(policy.Allows("ec2:DeleteVolume", "arn:aws:ec2:eu-central-1:123456789012:volume/vol-1", []));
    }

    // Every operation of the provider, with every filter.
    private static async Task<IReadOnlyList<MissingPermission>> DoEverythingAsync(AwsBench bench)
    {
        var instance = bench.Aws.AddInstance([8, 100], new() { ["app"] = "shop" }, vpcId: "vpc-0a1b2c3d");
        var lone = bench.Aws.AddVolume(tags: new() { ["app"] = "shop", ["Name"] = "data" });
        var (target, missing) = (AwsBench.Target(AwsBench.Manual(instance.Id, lone.Id)), new List<MissingPermission>());
        await bench.Provider.CheckAsync(target, CancellationToken.None);
        foreach (var filter in new ResourceFilter[] { new ResourceFilter.Vpc("vpc-0a1b2c3d"), new ResourceFilter.Tags([new ResourceTag("app", "shop")], MatchAll: true) })
            Assert.NotEmpty(await bench.DiscoverAsync(AwsBench.Target(filter)));
        await bench.StartAllAsync(target);
        missing.AddRange(await bench.Provider.FindMissingPermissionsAsync(target, await bench.DiscoverAsync(target), CancellationToken.None));
        await bench.RemoveAsync(target, (await bench.ListAsync(target)).Select(snapshot => snapshot.Id));
        return missing;
    }

    // Of a refusal that does not name the action itself.
    private static async Task NamesTheActionOnlyWithAsync(AwsBench bench, bool allowed)
    {
        var encoded = Convert.ToHexString("""{"allowed":false,"context":{"action":"ec2:DescribeSnapshots"}}"""u8);
        bench.Aws.Faults.Fail("DescribeInstances", "UnauthorizedOperation", $"You are not authorized to perform this operation. Encoded authorization failure message: {encoded}", 403);

        var error = await Assert.ThrowsAsync<CaptureRefusedException>(() => bench.DiscoverAsync(AwsBench.Target(AwsBench.Manual("i-00000001"))));

        Assert.Contains(allowed ? "lacks the IAM permission ec2:DescribeSnapshots" : "lacks the IAM permission ec2:DescribeInstances", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(encoded, error.Message, StringComparison.Ordinal);
        Assert.Equal(1, bench.Aws.Count("DecodeAuthorizationMessage"));
    }
}
