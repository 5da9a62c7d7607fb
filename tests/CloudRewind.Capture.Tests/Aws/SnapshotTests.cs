using CloudRewind.AwsEmulator;
using CloudRewind.Domain.Capture;

namespace CloudRewind.Capture.Tests.Aws;

/// <summary>How snapshots are started, tagged, shown and removed.</summary>
public sealed class SnapshotTests : IAsyncLifetime
{
    private AwsBench bench = null!;

    private EmulatedAws Aws => bench.Aws;

    public async Task InitializeAsync() => bench = await AwsBench.StartAsync();

    public Task DisposeAsync() => bench.DisposeAsync().AsTask();

    [Fact]
    public async Task Every_snapshot_says_what_it_is_for()
    {
        var (instance, lone) = (Aws.AddInstance([8, 100]), Aws.AddVolume());
        var target = AwsBench.Target(AwsBench.Manual(instance.Id, lone.Id));

        await bench.StartAllAsync(target);

        Assert.Equal(3, Aws.Snapshots.Count);
        Assert.All(Aws.Snapshots, snapshot =>
        {
            var isLone = snapshot.Volume == lone;
            Assert.Equal(
                [
                    ("cloudrewind:account", $"{target.Protection.Assembly.AccountId}"),
                    ("cloudrewind:assembly", "7"),
                    isLone ? ("cloudrewind:volume", lone.Id) : ("cloudrewind:instance", instance.Id),
                    ("cloudrewind:project", "demo"),
                    ("cloudrewind:protection", target.Protection.ToString()),
                ],
                snapshot.Tags.Where(tag => tag.Key != "cloudrewind:set").Select(tag => (tag.Key, tag.Value)).OrderBy(tag => isLone && tag.Key == "cloudrewind:volume" ? "cloudrewind:b" : tag.Key, StringComparer.Ordinal));
            Assert.Equal($"Cloud Rewind protection {target.Protection} of {(isLone ? lone.Id : instance.Id)}", snapshot.Description);
        });
        Assert.Equal(2, Aws.Snapshots.Select(snapshot => snapshot.Tags["cloudrewind:set"]).Distinct().Count());
    }

    [Fact]
    public async Task A_project_may_have_any_name_and_its_protections_are_still_found()
    {
        foreach (var project in new[] { "Büro & Söhne", new string('x', 256), "日本/東京", " trimmed " })
        {
            var target = AwsBench.Target(AwsBench.Manual(Aws.AddVolume().Id), project: project);
            await bench.StartAllAsync(target);
            Assert.Single(await bench.ListAsync(target));
            Assert.All(Aws.Snapshots, snapshot => Assert.All(snapshot.Description, character => Assert.True(char.IsAscii(character))));
        }
    }

    [Fact]
    public async Task The_tags_of_a_volume_are_copied_where_that_is_wanted_never_AWSs_own_and_no_key_twice()
    {
        await using var copying = await AwsBench.StartAsync(options => options with { CopyTagsFromSource = true });
        var many = Enumerable.Range(0, 50).ToDictionary(number => $"k{number:D2}", _ => "v");
        var instance = copying.Aws.AddInstance([8]);
        instance.Volumes[0].Tags["Name"] = "root";
        instance.Volumes[0].Tags["aws:cloudformation:stack-name"] = "shop";
        var restored = copying.Aws.AddInstance([8]);
        restored.Volumes[0].Tags["cloudrewind:protection"] = "t1:demo:7:0:1";
        var lone = copying.Aws.AddVolume(tags: new(many) { ["cloudrewind:set"] = "old", ["aws:backup"] = "x" });

        await copying.StartAllAsync(AwsBench.Target(AwsBench.Manual(instance.Id, restored.Id, lone.Id)));

        var tags = copying.Aws.Snapshots.ToDictionary(snapshot => snapshot.Volume, snapshot => snapshot.Tags);
        Assert.Equal("root", tags[instance.Volumes[0]]["Name"]);
        Assert.DoesNotContain(tags.Values.SelectMany(own => own.Keys), key => key.StartsWith("aws:", StringComparison.Ordinal));
        Assert.NotEqual("t1:demo:7:0:1", tags[restored.Volumes[0]]["cloudrewind:protection"]);
        Assert.Equal(50, tags[lone].Count);
        Assert.NotEqual("old", tags[lone]["cloudrewind:set"]);
    }

    [Fact]
    public async Task Progress_and_failure_are_shown_as_AWS_says_them()
    {
        Aws.SnapshotTime = TimeSpan.FromHours(1);
        var (slow, broken) = (Aws.AddVolume(), Aws.AddVolume());
        broken.FailsItsSet = true;
        broken.SnapshotsFailWith = "Given key ID is not accessible";
        var target = AwsBench.Target(AwsBench.Manual(slow.Id, broken.Id));
        await bench.StartAllAsync(target);

        var shown = (await bench.ListAsync(target)).ToDictionary(snapshot => snapshot.ResourceId);

        Assert.Equal((SnapshotState.Pending, 0, null), (shown[slow.Id].State, shown[slow.Id].Percent, shown[slow.Id].Failure));
        Assert.Equal((SnapshotState.Failed, "Given key ID is not accessible"), (shown[broken.Id].State, shown[broken.Id].Failure));
    }

    [Fact]
    public async Task Listing_reads_every_page_of_the_protections_own_snapshots_only()
    {
        var (target, other) = (AwsBench.Target(AwsBench.Manual([.. Volumes(25)])), AwsBench.Target(AwsBench.Manual([.. Volumes(5)])));
        await bench.StartAllAsync(target);
        await bench.StartAllAsync(other);
        Aws.Faults.PageSize = 10;
        Aws.ForgetCalls();

        Assert.Equal(25, (await bench.ListAsync(target)).Count);
        Assert.Equal(3, Aws.Count("DescribeSnapshots"));

        IEnumerable<string> Volumes(int count) => Enumerable.Range(0, count).Select(_ => Aws.AddVolume().Id);
    }

    [Fact]
    public async Task A_snapshot_that_is_held_stays_and_its_reason_says_by_what_while_the_others_go()
    {
        var target = AwsBench.Target(AwsBench.Manual([.. Enumerable.Range(0, 6).Select(_ => Aws.AddVolume().Id)]));
        await bench.StartAllAsync(target);
        var all = Aws.Snapshots;
        all[0].IsLocked = true;
        all[1].Image = "ami-0a1b2c3d";
        Aws.Faults.Fail("DeleteSnapshot", "UnauthorizedOperation", "You are not authorized to perform: ec2:DeleteSnapshot", 403);

        var first = await bench.RemoveAsync(target, all[2].Id);
        var held = await bench.RemoveAsync(target, all.Select(snapshot => snapshot.Id).Append("snap-that-is-gone"));

        Assert.Contains($"lacks the IAM permission ec2:DeleteSnapshot", first[all[2].Id], StringComparison.Ordinal);
        Assert.Equal([all[0].Id, all[1].Id], held.Keys.Order(StringComparer.Ordinal));
        Assert.StartsWith($"snapshot {all[0].Id} is locked: unlock it, or wait until its lock ends.", held[all[0].Id], StringComparison.Ordinal);
        Assert.StartsWith($"snapshot {all[1].Id} is in use by ami-0a1b2c3d: deregister that AMI first.", held[all[1].Id], StringComparison.Ordinal);
        Assert.Equal([all[0], all[1]], Aws.Snapshots);
    }

    [Fact]
    public async Task A_removal_that_is_throttled_to_the_end_says_so_and_is_no_error()
    {
        var target = AwsBench.Target(AwsBench.Manual(Aws.AddVolume().Id));
        await bench.StartAllAsync(target);
        Aws.Faults.Fail("DeleteSnapshot", "RequestLimitExceeded", "Request limit exceeded.", 503, times: 100);

        var error = await Assert.ThrowsAsync<RetryLaterException>(() => bench.RemoveAsync(target, Aws.Snapshots[0].Id));

        Assert.True(error.ConcernsAll);
        Assert.Contains("AWS limits the requests", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DeleteSnapshot", "InternalError", 500)]
    [InlineData("DeleteSnapshot", "Unavailable", 503)]
    [InlineData("AssumeRole", "InternalFailure", 500)]
    public async Task A_removal_that_AWS_cannot_do_now_is_asked_for_later(string action, string code, int status)
    {
        Aws.Faults.Fail(action, code, "Try again.", status, times: 100);

        await Assert.ThrowsAsync<RetryLaterException>(() => bench.RemoveAsync(AwsBench.Target(), "snap-1"));
    }

    [Fact]
    public async Task A_snapshot_whose_tags_are_gone_is_found_by_its_id()
    {
        var target = AwsBench.Target(AwsBench.Manual(Aws.AddVolume().Id));
        var started = Assert.Single(await bench.StartAllAsync(target));
        Aws.Snapshots[0].Tags.Clear();

        Assert.Empty(await bench.ListAsync(target));
        Assert.Equal(started.Id, Assert.Single(await bench.Provider.FindAsync(target, [started.Id], CancellationToken.None)).Id);
    }

    [Fact]
    public async Task Many_snapshots_are_found_in_as_many_calls_as_EC2_needs()
    {
        var ids = Enumerable.Range(0, 450).Select(number => $"snap-{number:x17}").ToList();

        Assert.Empty(await bench.Provider.FindAsync(AwsBench.Target(), ids, CancellationToken.None));

        Assert.Equal(3, Aws.Count("DescribeSnapshots", "ok"));
    }
}
