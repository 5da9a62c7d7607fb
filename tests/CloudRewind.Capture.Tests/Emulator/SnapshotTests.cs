using Amazon.EC2;
using Amazon.EC2.Model;
using static CloudRewind.Capture.Tests.Emulator.EmulatorBench;

namespace CloudRewind.Capture.Tests.Emulator;

public sealed class SnapshotTests : EmulatorTests
{
    public static TheoryData<(string, string)[], string> BadTags => new()
    {
        { [("aws:mine", "x")], "InvalidParameterValue" },
        { [("", "x")], "InvalidParameterValue" },
        { [(new string('k', 129), "x")], "InvalidParameterValue" },
        { [("key", new string('v', 257))], "InvalidParameterValue" },
        { [("key", "a"), ("key", "b")], "InvalidParameterValue" },
        { [.. Enumerable.Range(0, 51).Select(number => ($"key-{number}", "x"))], "TagLimitExceeded" },
    };

    [Fact]
    public async Task A_set_is_of_one_moment_and_leaves_out_what_it_is_told_to()
    {
        var instance = Bench.Aws.AddInstance([8, 20, 30]);
        instance.Volumes[1].Tags["owner"] = "ops";
        instance.Volumes[1].Tags["aws:of-aws"] = "not copied";

        var set = (await Bench.Ec2.CreateSnapshotsAsync(new CreateSnapshotsRequest
        {
            InstanceSpecification = new InstanceSpecification { InstanceId = instance.Id, ExcludeBootVolume = true, ExcludeDataVolumeIds = [instance.Volumes[2].Id] },
            Description = "A copy",
            CopyTagsFromSource = CopyTagsFromSource.Volume,
            TagSpecifications = [TagsOfSnapshots(("app", "shop"))],
        })).Snapshots;

        var made = Assert.Single(set);
        Assert.Equal((instance.Volumes[1].Id, 20, SnapshotState.Pending, "A copy"), (made.VolumeId, made.VolumeSize!.Value, made.State, made.Description));
        Assert.Equal([("app", "shop"), ("owner", "ops")], made.Tags.Select(tag => (tag.Key, tag.Value)).Order());
        Assert.Equal(Bench.Time.GetUtcNow().UtcDateTime, made.StartTime!.Value.ToUniversalTime());

        Bench.Time.Advance(TimeSpan.FromMinutes(1));
        var all = (await Bench.Ec2.CreateSnapshotsAsync(Of(instance.Id))).Snapshots;
        Assert.Equal(instance.Volumes.Select(volume => volume.Id), all.Select(snapshot => snapshot.VolumeId));
        Assert.Single(all.Select(snapshot => snapshot.StartTime).Distinct());
    }

    [Fact]
    public async Task A_boot_volume_is_left_out_by_its_own_flag_only()
    {
        var instance = Bench.Aws.AddInstance([8, 20]);
        var request = Of(instance.Id);
        request.InstanceSpecification.ExcludeDataVolumeIds = [instance.Volumes[0].Id];

        await RefusedAsync("InvalidParameterValue", 400, () => Bench.Ec2.CreateSnapshotsAsync(request));
        Assert.Empty(Bench.Aws.Snapshots);
    }

    [Fact]
    public async Task More_than_forty_exclusions_are_refused_and_so_is_a_volume_that_is_being_created()
    {
        var instance = Bench.Aws.AddInstance(Enumerable.Repeat(8, 43));
        var request = Of(instance.Id);
        request.InstanceSpecification.ExcludeDataVolumeIds = [.. instance.Volumes.Skip(1).Take(41).Select(volume => volume.Id)];
        await RefusedAsync("InvalidParameterValue", 400, () => Bench.Ec2.CreateSnapshotsAsync(request));

        instance.Volumes[42].IsBeingCreated = true;
        await RefusedAsync("IncorrectState", 400, () => Bench.Ec2.CreateSnapshotsAsync(Of(instance.Id)));
        await RefusedAsync("IncorrectState", 400, () => Bench.SnapshotAsync(instance.Volumes[42].Id));
        (instance.Volumes[42].IsBeingCreated, instance.State) = (false, "pending");
        await RefusedAsync("IncorrectState", 400, () => Bench.Ec2.CreateSnapshotsAsync(Of(instance.Id)));
        Assert.Empty(Bench.Aws.Snapshots);
    }

    [Fact]
    public async Task A_description_is_of_255_ASCII_characters_at_most()
    {
        foreach (var text in new[] { "Büro", new string('x', 256) })
            await RefusedAsync("InvalidParameterValue", 400, () => Bench.Ec2.CreateSnapshotAsync(new CreateSnapshotRequest { VolumeId = Bench.Aws.AddVolume().Id, Description = text }));
    }

    [Fact]
    public async Task A_snapshot_goes_from_pending_to_completed_or_to_an_error_with_its_message()
    {
        Bench.Aws.SnapshotTime = TimeSpan.FromMinutes(10);
        var (good, bad) = (Bench.Aws.AddVolume(), Bench.Aws.AddVolume());
        bad.SnapshotsFailWith = "Given key ID is not accessible";
        await Bench.SnapshotAsync(good.Id);
        await Bench.SnapshotAsync(bad.Id);

        Assert.All(await Bench.SnapshotsAsync(), snapshot => Assert.Equal((SnapshotState.Pending, "0%"), (snapshot.State, snapshot.Progress)));
        Bench.Time.Advance(TimeSpan.FromMinutes(4));
        Assert.All(await Bench.SnapshotsAsync(Filter("status", "pending")), snapshot => Assert.Equal((SnapshotState.Pending, "40%"), (snapshot.State, snapshot.Progress)));
        Bench.Time.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal((good.Id, "100%"), Assert.Single(await Bench.SnapshotsAsync(Filter("status", "completed"))) is var done ? (done.VolumeId, done.Progress) : default);
        Assert.Equal(bad.SnapshotsFailWith, Assert.Single(await Bench.SnapshotsAsync(Filter("status", "error"))).StateMessage);
    }

    [Fact]
    public async Task A_volume_that_fails_its_set_puts_all_of_it_in_error_at_once()
    {
        var instance = Bench.Aws.AddInstance([8, 20]);
        instance.Volumes[1].FailsItsSet = true;

        var set = (await Bench.Ec2.CreateSnapshotsAsync(Of(instance.Id))).Snapshots;

        Assert.Equal([SnapshotState.Error, SnapshotState.Error], set.Select(snapshot => snapshot.State));
    }

    [Theory]
    [MemberData(nameof(BadTags))]
    public async Task Tags_that_EC2_would_not_take_make_no_snapshot((string, string)[] tags, string code)
    {
        await RefusedAsync(code, 400, () => Bench.SnapshotAsync(Bench.Aws.AddVolume().Id, tags));
        Assert.Empty(Bench.Aws.Snapshots);
    }

    [Fact]
    public async Task A_copied_tag_that_is_set_as_well_is_a_duplicate()
    {
        var instance = Bench.Aws.AddInstance([8]);
        instance.Volumes[0].Tags["app"] = "shop";
        var request = Of(instance.Id);
        (request.CopyTagsFromSource, request.TagSpecifications) = (CopyTagsFromSource.Volume, [TagsOfSnapshots(("app", "other"))]);

        Assert.Contains("Duplicate tag key 'app'", (await RefusedAsync("InvalidParameterValue", 400, () => Bench.Ec2.CreateSnapshotsAsync(request))).Message, StringComparison.Ordinal);
        Assert.Empty(Bench.Aws.Snapshots);
    }

    [Fact]
    public async Task Tags_are_added_to_what_is_there()
    {
        var volume = Bench.Aws.AddVolume(tags: new() { ["app"] = "old", ["tier"] = "db" });
        var snapshot = (await Bench.SnapshotAsync(volume.Id)).Snapshot.SnapshotId;

        await Bench.Ec2.CreateTagsAsync(new CreateTagsRequest { Resources = [volume.Id, snapshot], Tags = [new Tag("app", "shop")] });

        Assert.Equal(("shop", "db"), (volume.Tags["app"], volume.Tags["tier"]));
        Assert.Equal(snapshot, Assert.Single(await Bench.SnapshotsAsync(Filter("tag:app", "shop"))).SnapshotId);
        await RefusedAsync("InvalidID", 400, () => Bench.Ec2.CreateTagsAsync(new CreateTagsRequest { Resources = ["vol-bad"], Tags = [new Tag("app", "shop")] }));
    }

    [Fact]
    public async Task A_snapshot_is_deleted_once_and_not_while_a_lock_or_an_image_holds_it()
    {
        await Bench.SnapshotAsync(Bench.Aws.AddVolume().Id);
        var snapshot = Bench.Aws.Snapshots[0];

        snapshot.IsLocked = true;
        Assert.Contains("locked", (await RefusedAsync("OperationNotPermitted", 400, DeleteAsync)).Message, StringComparison.Ordinal);
        (snapshot.IsLocked, snapshot.Image) = (false, "ami-0123456789abcdef0");
        Assert.Equal($"The snapshot {snapshot.Id} is currently in use by ami-0123456789abcdef0", (await RefusedAsync("InvalidSnapshot.InUse", 400, DeleteAsync)).Message);
        snapshot.Image = null;
        await DeleteAsync();

        Assert.Empty(Bench.Aws.Snapshots);
        await RefusedAsync("InvalidSnapshot.NotFound", 400, DeleteAsync);

        Task DeleteAsync() => Bench.Ec2.DeleteSnapshotAsync(new DeleteSnapshotRequest(snapshot.Id));
    }

    [Fact]
    public async Task What_is_not_there_or_in_another_region_is_not_found()
    {
        var (volume, instance) = (Bench.Aws.AddVolume(region: "us-east-1"), Bench.Aws.AddInstance([8]));
        instance.State = "terminated";

        await RefusedAsync("InvalidVolume.NotFound", 400, () => Bench.SnapshotAsync(volume.Id));
        await RefusedAsync("InvalidInstanceID.NotFound", 400, () => Bench.Ec2.CreateSnapshotsAsync(Of(instance.Id)));
    }

    [Fact]
    public async Task A_dry_run_says_that_it_would_have_worked_and_does_nothing()
    {
        var instance = Bench.Aws.AddInstance([8]);
        var request = Of(instance.Id);
        request.DryRun = true;

        await RefusedAsync("DryRunOperation", 412, () => Bench.Ec2.CreateSnapshotsAsync(request));
        await RefusedAsync("DryRunOperation", 412, () => Bench.Ec2.CreateSnapshotAsync(new CreateSnapshotRequest { VolumeId = instance.Volumes[0].Id, DryRun = true }));
        await RefusedAsync("DryRunOperation", 412, () => Bench.Ec2.DescribeSnapshotsAsync(new DescribeSnapshotsRequest { OwnerIds = ["self"], DryRun = true }));
        Assert.Empty(Bench.Aws.Snapshots);
    }

    private static CreateSnapshotsRequest Of(string instance) => new() { InstanceSpecification = new InstanceSpecification { InstanceId = instance } };
}
