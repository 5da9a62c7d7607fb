using CloudRewind.Aws.Volumes;
using CloudRewind.AwsEmulator;
using CloudRewind.AwsEmulator.Ec2;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;

namespace CloudRewind.Capture.Tests.Aws;

/// <summary>Which volumes a filter comes to, and what is captured together.</summary>
public sealed class VolumeDiscoveryTests : IAsyncLifetime
{
    private AwsBench bench = null!;

    private EmulatedAws Aws => bench.Aws;

    public async Task InitializeAsync() => bench = await AwsBench.StartAsync();

    public Task DisposeAsync() => bench.DisposeAsync().AsTask();

    [Fact]
    public async Task Listed_instances_come_with_all_their_volumes_and_listed_volumes_alone()
    {
        var (web, other) = (Aws.AddInstance([8, 100]), Aws.AddInstance([8]));
        var lone = Aws.AddVolume(30);

        var found = await bench.DiscoverAsync(AwsBench.Target(AwsBench.Manual(web.Id, lone.Id, web.Volumes[1].Id)));

        Assert.Equal([.. Whole(web), (lone.Id, lone.Id, 30)], Shown(found));
        Assert.All(found, resource => Assert.Equal("ebs-volume", resource.Type));
        Assert.NotEmpty(other.Volumes);
    }

    [Fact]
    public async Task Several_listed_volumes_of_an_instance_are_taken_together_and_the_others_left_out()
    {
        var db = Aws.AddInstance([8, 100, 200, 300]);
        var target = AwsBench.Target(AwsBench.Manual(db.Volumes[1].Id, db.Volumes[3].Id));

        var found = await bench.DiscoverAsync(target);
        Assert.Equal([(db.Volumes[1].Id, $"{db.Id}/selected", 100), (db.Volumes[3].Id, $"{db.Id}/selected", 300)], Shown(found));

        await bench.StartAllAsync(target);
        Assert.Equal([db.Volumes[1], db.Volumes[3]], Aws.Snapshots.Select(snapshot => snapshot.Volume));
        Assert.Single(Aws.Snapshots.Select(snapshot => snapshot.StartedAt).Distinct());
    }

    [Fact]
    public async Task One_listed_volume_of_an_instance_is_taken_alone()
    {
        var db = Aws.AddInstance([8, 100]);
        var target = AwsBench.Target(AwsBench.Manual(db.Volumes[0].Id));

        await bench.StartAllAsync(target);

        Assert.Equal([db.Volumes[0]], Aws.Snapshots.Select(snapshot => snapshot.Volume));
        Assert.Equal(1, Aws.Count("CreateSnapshot"));
    }

    [Fact]
    public async Task A_listed_id_that_does_not_exist_is_a_failed_resource_with_that_reason()
    {
        var gone = Aws.AddInstance([8]);
        gone.State = "terminated";

        var found = await bench.DiscoverAsync(AwsBench.Target(AwsBench.Manual("i-00000000000000bad", "vol-00000000000000bad", gone.Id, "arn:aws:rds:db")));

        Assert.Equal(
            [
                new("i-00000000000000bad", "ec2-instance", "i-00000000000000bad", Failure: "There is no such instance in eu-central-1, or it is terminated."),
                new("vol-00000000000000bad", "ebs-volume", "vol-00000000000000bad", Failure: "There is no such volume in eu-central-1, or it is being deleted."),
                new(gone.Id, "ec2-instance", gone.Id, Failure: "There is no such instance in eu-central-1, or it is terminated."),
                new DiscoveredResource("arn:aws:rds:db", "unknown", "arn:aws:rds:db", Failure: $"It is {ResourceIds.FaultOf("arn:aws:rds:db")}"),
            ],
            found);
    }

    [Fact]
    public async Task A_VPC_comes_with_its_instances_less_the_terminated_ones()
    {
        var (inside, _, terminated) = (Aws.AddInstance([8, 20], vpcId: "vpc-0a"), Aws.AddInstance([8], vpcId: "vpc-0b"), Aws.AddInstance([8], vpcId: "vpc-0a"));
        terminated.State = "terminated";
        Aws.AddInstance([8], vpcId: "vpc-0a", region: "us-east-1");

        Assert.Equal(Whole(inside), Shown(await bench.DiscoverAsync(AwsBench.Target(new ResourceFilter.Vpc("vpc-0a")))));
    }

    [Fact]
    public async Task All_tags_or_any_of_them_on_instances_and_on_volumes()
    {
        var both = Aws.AddInstance([8], Tags("app=shop", "tier=db"));
        var shop = Aws.AddInstance([8], Tags("app=shop"));
        var db = Aws.AddInstance([8], Tags("tier=db"));
        var lone = Aws.AddVolume(50, Tags("app=shop", "tier=db"));
        ResourceTag[] tags = [new("app", "shop"), new("tier", "db")];

        Assert.Equal([.. Whole(both), (lone.Id, lone.Id, 50)], Shown(await bench.DiscoverAsync(AwsBench.Target(new ResourceFilter.Tags(tags, MatchAll: true)))));
        Assert.Equal(
            [.. Whole(both), .. Whole(shop), .. Whole(db), (lone.Id, lone.Id, 50)],
            Shown(await bench.DiscoverAsync(AwsBench.Target(new ResourceFilter.Tags(tags, MatchAll: false)))));
    }

    [Fact]
    public async Task Several_values_of_one_key_are_alternatives_and_never_all_there()
    {
        var (a, b) = (Aws.AddInstance([8], Tags("app=a")), Aws.AddInstance([8], Tags("app=b")));
        ResourceTag[] tags = [new("app", "a"), new("app", "b")];

        Assert.Equal([.. Whole(a), .. Whole(b)], Shown(await bench.DiscoverAsync(AwsBench.Target(new ResourceFilter.Tags(tags, MatchAll: false)))));
        Assert.Empty(await bench.DiscoverAsync(AwsBench.Target(new ResourceFilter.Tags(tags, MatchAll: true))));
    }

    [Theory]
    [InlineData("sh*p")]
    [InlineData("sh?p")]
    [InlineData(@"sh\op")]
    public async Task Values_of_tags_are_no_patterns(string value)
    {
        var exact = Aws.AddInstance([8], new() { ["app"] = value });
        Aws.AddInstance([8], Tags("app=shop"));

        Assert.Equal(Whole(exact), Shown(await bench.DiscoverAsync(AwsBench.Target(new ResourceFilter.Tags([new("app", value)], MatchAll: true)))));
    }

    [Theory]
    [InlineData("vol-*")]
    [InlineData("vol-0000000000000000?")]
    [InlineData("i-*")]
    [InlineData("i-0000000000000000?")]
    public async Task A_listed_id_is_no_pattern(string id)
    {
        Aws.AddInstance([8, 8]);
        Aws.AddVolume();

        var found = Assert.Single(await bench.DiscoverAsync(AwsBench.Target(AwsBench.Manual(id))));

        Assert.Equal((id, $"It is {ResourceIds.FaultOf(id)}"), (found.ResourceId, found.Failure));
    }

    [Fact]
    public async Task A_VPC_id_is_no_pattern()
    {
        Aws.AddInstance([8], vpcId: "vpc-0a");

        Assert.Empty(await bench.DiscoverAsync(AwsBench.Target(new ResourceFilter.Vpc("vpc-*"))));
    }

    [Fact]
    public async Task Listed_instances_are_asked_for_by_id_and_one_that_is_not_there_hides_no_other()
    {
        var instance = Aws.AddInstance([8]);

        Assert.Equal(Whole(instance), Shown(await bench.DiscoverAsync(AwsBench.Target(AwsBench.Manual(instance.Id)))));
        Assert.All(Aws.Calls.Where(call => call.Action == "DescribeInstances"), call => Assert.Equal(instance.Id, call.Parameters["InstanceId.1"]));

        var found = await bench.DiscoverAsync(AwsBench.Target(AwsBench.Manual(instance.Id, "i-00000000000000bad")));
        Assert.Equal([null, "There is no such instance in eu-central-1, or it is terminated."], found.Select(resource => resource.Failure));
    }

    [Theory]
    [InlineData(42)]
    [InlineData(45)]
    [InlineData(60)]
    public async Task Some_of_many_volumes_of_an_instance_are_taken_at_one_moment_and_nothing_else_is_left(int volumes)
    {
        var db = Aws.AddInstance(Enumerable.Repeat(8, volumes));
        var target = AwsBench.Target(AwsBench.Manual(db.Volumes[1].Id, db.Volumes[volumes - 1].Id));
        var found = await bench.DiscoverAsync(target);
        Assert.Empty(await bench.Provider.FindMissingPermissionsAsync(target, found, CancellationToken.None));

        await bench.StartAllAsync(target);

        Assert.Equal([db.Volumes[1], db.Volumes[volumes - 1]], Aws.Snapshots.Select(snapshot => snapshot.Volume));
        Assert.Single(Aws.Snapshots.Select(snapshot => (snapshot.StartedAt, snapshot.Tags["cloudrewind:set"])).Distinct());
        Assert.Equal((0, 1), (Aws.Count("CreateSnapshot"), Aws.Count("CreateSnapshots", "ok")));
    }

    [Fact]
    public async Task The_preview_tries_the_call_that_a_run_makes()
    {
        var db = Aws.AddInstance([8, 20, 30]);
        var target = AwsBench.Target(AwsBench.Manual(db.Volumes[0].Id, db.Volumes[1].Id));
        await bench.Provider.FindMissingPermissionsAsync(target, await bench.DiscoverAsync(target), CancellationToken.None);
        await bench.StartAllAsync(target);

        var calls = Aws.Calls.Where(call => call.Action == "CreateSnapshots").ToList();
        Assert.Equal(2, calls.Count);
        Assert.All(calls, call => Assert.Equal(db.Volumes[2].Id, call.Parameters["InstanceSpecification.ExcludeDataVolumeId.1"]));
    }

    [Fact]
    public async Task Every_page_is_read_and_ids_are_asked_for_in_bulk()
    {
        List<EmulatedInstance> instances = [.. Enumerable.Range(0, 450).Select(_ => Aws.AddInstance([8]))];
        (Aws.Faults.PageSize, Aws.Faults.EmptyFirstPages) = (70, true);

        var found = await bench.DiscoverAsync(AwsBench.Target(AwsBench.Manual([.. instances.Select(instance => instance.Id)])));

        Assert.Equal(instances.SelectMany(Whole), Shown(found));
        Assert.Equal((3, 10), (Aws.Count("DescribeInstances"), Aws.Count("DescribeVolumes"))); // 196, 196 and 58 ids; the volumes in pages of 70, after an empty one
    }

    [Fact]
    public async Task A_volume_that_two_instances_share_is_captured_once()
    {
        var (first, second) = (Aws.AddInstance([8]), Aws.AddInstance([8]));
        var shared = Aws.AddVolume(100, type: "io2");
        Aws.Attach(first, shared);
        Aws.Attach(second, shared);
        var target = AwsBench.Target(AwsBench.Manual(first.Id, second.Id));

        await bench.StartAllAsync(target);

        Assert.Equal(new[] { first.Volumes[0], second.Volumes[0], shared }.OrderBy(volume => volume.Id), Aws.Snapshots.Select(snapshot => snapshot.Volume).OrderBy(volume => volume.Id));
    }

    [Fact]
    public async Task What_cannot_be_captured_is_named_as_left_out()
    {
        var (fast, bare) = (Aws.AddInstance([8], type: "m5d.large"), Aws.AddInstance([]));

        var found = await bench.Provider.DiscoverAsync(AwsBench.Target(), AwsBench.Manual(fast.Id, bare.Id), CancellationToken.None);

        Assert.Equal(
            [
                new(bare.Id, "ec2-instance", "It has no EBS volume."),
                new LeftOut(fast.Id, "instance-store", "The instance store of its type m5d.large (75 GB) cannot be captured: its data ends when the instance stops."),
            ],
            found.LeftOut);
    }

    [Fact]
    public async Task Where_AWS_does_not_say_which_types_have_an_instance_store_the_discovery_goes_on()
    {
        var instance = Aws.AddInstance([8]);
        Aws.Faults.Fail("DescribeInstanceTypes", "InvalidAction", "The action DescribeInstanceTypes is not valid for this web service.");

        Assert.Equal(Whole(instance), Shown(await bench.DiscoverAsync(AwsBench.Target(AwsBench.Manual(instance.Id)))));
    }

    private static Dictionary<string, string> Tags(params string[] tags) => tags.Select(tag => tag.Split('=')).ToDictionary(tag => tag[0], tag => tag[1]);

    private static IEnumerable<(string Id, string Group, int Size)> Whole(EmulatedInstance instance) => instance.Volumes.Select(volume => (volume.Id, instance.Id, volume.SizeGiB));

    private static IEnumerable<(string Id, string Group, int Size)> Shown(IReadOnlyList<DiscoveredResource> found) =>
        found.Select(resource => (resource.ResourceId, resource.GroupId, resource.SizeGiB)).OrderBy(resource => resource.ResourceId, StringComparer.Ordinal);
}
