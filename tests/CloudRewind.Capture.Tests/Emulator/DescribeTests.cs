using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.Runtime;
using static CloudRewind.Capture.Tests.Emulator.EmulatorBench;

namespace CloudRewind.Capture.Tests.Emulator;

public sealed class DescribeTests : EmulatorTests
{
    [Fact]
    public async Task An_instance_is_shown_with_its_volumes_and_a_volume_with_its_attachments()
    {
        var instance = Bench.Aws.AddInstance([8, 100], new() { ["app"] = "shop" }, vpcId: "vpc-9");
        var other = Bench.Aws.AddInstance([8]);
        Bench.Aws.Attach(other, instance.Volumes[1]);

        var shown = Assert.Single((await Bench.Ec2.DescribeInstancesAsync(new DescribeInstancesRequest { InstanceIds = [instance.Id] })).Reservations).Instances[0];
        Assert.Equal((instance.Id, "vpc-9", "m5.large", "running", 16), (shown.InstanceId, shown.VpcId, shown.InstanceType.Value, shown.State.Name.Value, shown.State.Code));
        Assert.Equal(("app", "shop"), Assert.Single(shown.Tags) is var tag ? (tag.Key, tag.Value) : default);
        Assert.Equal(instance.Volumes.Select(volume => volume.Id), shown.BlockDeviceMappings.Select(mapping => mapping.Ebs.VolumeId));
        Assert.Equal(shown.RootDeviceName, shown.BlockDeviceMappings[0].DeviceName);

        var volume = Assert.Single((await Bench.Ec2.DescribeVolumesAsync(new DescribeVolumesRequest { VolumeIds = [instance.Volumes[1].Id] })).Volumes);
        Assert.Equal((100, VolumeType.Gp3, VolumeState.InUse), (volume.Size!.Value, volume.VolumeType, volume.State));
        Assert.Equal([instance.Id, other.Id], volume.Attachments.Select(attachment => attachment.InstanceId));
    }

    [Theory]
    [InlineData("vpc-id", "vpc-1", 2)]
    [InlineData("instance-state-name", "running", 2)]
    [InlineData("tag:app", "shop", 1)]
    [InlineData("tag:app", "s*", 2)]
    [InlineData("tag:app", "sho?", 1)]
    [InlineData("tag:app", "Shop", 0)]
    [InlineData("tag:app", "s\\*r", 1)]
    [InlineData("tag:app", "sh\\*", 0)]
    [InlineData("tag-key", "app", 2)]
    [InlineData("tag-key", "a?", 0)]
    public async Task A_filter_takes_values_wildcards_and_escapes(string name, string value, int count)
    {
        Bench.Aws.AddInstance([8], new() { ["app"] = "shop" });
        Bench.Aws.AddInstance([8], new() { ["app"] = "s*r" });
        Bench.Aws.AddInstance([8], new() { ["app"] = "shop" }, region: "us-east-1");

        var found = await Bench.Ec2.DescribeInstancesAsync(new DescribeInstancesRequest { Filters = [Filter(name, value)] });

        Assert.Equal(count, found.Reservations?.Count ?? 0);
    }

    [Fact]
    public async Task All_filters_must_pass_and_one_value_of_each_is_enough()
    {
        var volume = Bench.Aws.AddVolume(tags: new() { ["app"] = "shop", ["tier"] = "db" });
        Bench.Aws.AddVolume(tags: new() { ["app"] = "shop" });

        var found = await Bench.Ec2.DescribeVolumesAsync(new DescribeVolumesRequest { Filters = [Filter("tag:app", "other", "shop"), Filter("tag:tier", "db"), Filter("status", "available")] });

        Assert.Equal(volume.Id, Assert.Single(found.Volumes).VolumeId);
    }

    [Fact]
    public async Task An_unknown_filter_is_refused_even_where_there_is_nothing_to_filter()
    {
        await RefusedAsync("InvalidParameterValue", 400, () => Bench.Ec2.DescribeVolumesAsync(new DescribeVolumesRequest { Filters = [Filter("colour", "red")] }));
        await RefusedAsync("InvalidParameterValue", 400, () => SnapshotsOf("start")());
        await RefusedAsync("FilterLimitExceeded", 400, () => Bench.Ec2.DescribeVolumesAsync(
            new DescribeVolumesRequest { Filters = [Filter("volume-id", Enumerable.Range(0, 201).Select(number => $"vol-{number}"))] }));

        Func<Task> SnapshotsOf(string filter) => () => Bench.SnapshotsAsync(Filter(filter, "x"));
    }

    [Fact]
    public async Task Pages_are_of_the_size_asked_for_or_of_the_servers_when_that_is_smaller()
    {
        for (var count = 0; count < 17; count++)
            Bench.Aws.AddVolume();

        Assert.Equal([10, 7], await PagesAsync(10));
        Bench.Aws.Faults.PageSize = 6;
        Assert.Equal([6, 6, 5], await PagesAsync(10));
        await RefusedAsync("InvalidParameterValue", 400, () => PagesAsync(4));
    }

    [Fact]
    public async Task The_first_page_of_a_filtered_call_may_be_empty_and_have_a_next_one()
    {
        var volume = Bench.Aws.AddVolume();
        Bench.Aws.Faults.EmptyFirstPages = true;
        var request = new DescribeVolumesRequest { Filters = [Filter("volume-id", volume.Id)] };

        var first = await Bench.Ec2.DescribeVolumesAsync(request);
        Assert.Empty(first.Volumes ?? []);
        request.NextToken = first.NextToken;

        Assert.Equal(volume.Id, Assert.Single((await Bench.Ec2.DescribeVolumesAsync(request)).Volumes).VolumeId);
    }

    [Fact]
    public async Task The_values_of_every_filter_may_be_patterns()
    {
        var (instance, volume) = (Bench.Aws.AddInstance([]), Bench.Aws.AddVolume());

        Assert.Equal(volume.Id, Assert.Single((await Bench.Ec2.DescribeVolumesAsync(new DescribeVolumesRequest { Filters = [Filter("volume-id", "vol-*")] })).Volumes).VolumeId);
        Assert.Equal(instance.Id, Assert.Single((await Bench.Ec2.DescribeInstancesAsync(new DescribeInstancesRequest { Filters = [Filter("instance-id", $"{instance.Id[..^1]}?")] })).Reservations).Instances[0].InstanceId);
        Assert.Empty((await Bench.Ec2.DescribeVolumesAsync(new DescribeVolumesRequest { Filters = [Filter("volume-id", @"vol-\*")] })).Volumes ?? []);
    }

    [Fact]
    public async Task A_list_of_ids_fails_as_a_whole_for_one_that_is_not_there_and_has_no_pages()
    {
        var (volume, instance) = (Bench.Aws.AddVolume(), Bench.Aws.AddInstance([8]));
        var snapshot = (await Bench.SnapshotAsync(volume.Id)).Snapshot.SnapshotId;

        await RefusedAsync("InvalidVolume.NotFound", 400, () => Bench.Ec2.DescribeVolumesAsync(new DescribeVolumesRequest { VolumeIds = [volume.Id, "vol-bad"] }));
        await RefusedAsync("InvalidInstanceID.NotFound", 400, () => Bench.Ec2.DescribeInstancesAsync(new DescribeInstancesRequest { InstanceIds = [instance.Id, "i-bad"] }));
        await RefusedAsync("InvalidSnapshot.NotFound", 400, () => Bench.Ec2.DescribeSnapshotsAsync(new DescribeSnapshotsRequest { OwnerIds = ["self"], SnapshotIds = [snapshot, "snap-bad"] }));
        await RefusedAsync("InvalidParameterCombination", 400, () => Bench.Ec2.DescribeVolumesAsync(new DescribeVolumesRequest { VolumeIds = [volume.Id], MaxResults = 10 }));
    }

    [Fact]
    public async Task An_instance_type_says_whether_it_has_an_instance_store()
    {
        Bench.Aws.AddInstance([8], type: "m5d.large");
        Bench.Aws.AddInstance([8], type: "m5.large");

        var types = (await Bench.Ec2.DescribeInstanceTypesAsync(new DescribeInstanceTypesRequest { InstanceTypes = ["m5.large", "m5d.large"] })).InstanceTypes;

        Assert.Equal([("m5.large", false), ("m5d.large", true)], types.Select(type => (type.InstanceType.Value, type.InstanceStorageSupported!.Value)).Order());
        await RefusedAsync("InvalidInstanceType", 400, () => Bench.Ec2.DescribeInstanceTypesAsync(new DescribeInstanceTypesRequest { InstanceTypes = ["m0.none"] }));
    }

    [Fact]
    public async Task Regions_are_shown_when_enabled_or_all_and_one_that_is_not_there_is_an_error()
    {
        Assert.Equal(["eu-central-1", "us-east-1"], await RegionsAsync(new DescribeRegionsRequest()));
        Assert.Equal(["ap-east-1", "eu-central-1", "us-east-1"], await RegionsAsync(new DescribeRegionsRequest { AllRegions = true }));
        Assert.Empty(await RegionsAsync(new DescribeRegionsRequest { AllRegions = true, Filters = [Filter("region-name", "eu-nowhere-9")] }));
        await RefusedAsync("InvalidParameterValue", 400, () => RegionsAsync(new DescribeRegionsRequest { RegionNames = ["eu-nowhere-9"] }));
    }

    [Theory]
    [InlineData("ap-east-1")]
    [InlineData("eu-nowhere-9")]
    public async Task A_region_that_is_not_enabled_takes_no_calls(string region) =>
        await RefusedAsync("AuthFailure", 401, () => Bench.Ec2Of(new BasicAWSCredentials("AKIATEST", "x"), region).DescribeVolumesAsync(new DescribeVolumesRequest()));

    [Fact]
    public async Task An_action_that_it_does_not_have_is_invalid() =>
        await RefusedAsync("InvalidAction", 400, () => Bench.Ec2.DescribeImagesAsync(new DescribeImagesRequest()));

    private async Task<List<int>> PagesAsync(int size)
    {
        var pages = new List<int>();
        string? next = null;
        do
        {
            var page = await Bench.Ec2.DescribeVolumesAsync(new DescribeVolumesRequest { MaxResults = size, NextToken = next });
            pages.Add(page.Volumes.Count);
            next = page.NextToken;
        }
        while (!string.IsNullOrEmpty(next));

        return pages;
    }

    private async Task<IReadOnlyList<string>> RegionsAsync(DescribeRegionsRequest request) =>
        [.. ((await Bench.Ec2.DescribeRegionsAsync(request)).Regions ?? []).Select(region => region.RegionName).Order()];
}
