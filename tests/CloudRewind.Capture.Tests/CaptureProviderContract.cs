using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.TestSupport;

namespace CloudRewind.Capture.Tests;

/// <summary>What every provider owes the domain.</summary>
public abstract class CaptureProviderContract
{
    /// <summary>A connection to an AWS account that holds no snapshot.</summary>
    public static readonly CloudConnection OtherAccount = new("arn:aws:iam::444455556666:role/cloud-rewind", null);

    /// <summary>The provider.</summary>
    protected abstract ICaptureProvider Provider { get; }

    /// <summary>A protection of an assembly with a group of two resources and one that is alone, all of which can be captured.</summary>
    protected abstract Task<FilteredTarget> TargetAsync();

    [Fact]
    public async Task A_connection_that_works_is_accepted() => await Provider.CheckAsync(await TargetAsync(), CancellationToken.None);

    [Theory]
    [InlineData("vol-*")]
    [InlineData("i-?")]
    [InlineData("*")]
    [InlineData("vol-")]
    [InlineData("vol-0123456789ABCDEF0")]
    [InlineData("vol-0123456789abcdef0 ")]
    [InlineData("arn:aws:ec2:eu-central-1:123456789012:volume/vol-0123456789abcdef0")]
    [InlineData("Sim-ok-a")]
    public async Task An_id_that_no_resource_can_have_is_refused_and_not_captured(string id)
    {
        Assert.NotNull(Provider.FaultOf(id));

        var target = await TargetAsync();
        var found = Assert.Single((await Provider.DiscoverAsync(target, new ResourceFilter.Manual([id]), CancellationToken.None)).Resources);
        Assert.Equal((id, $"It is {Provider.FaultOf(id)}"), (found.ResourceId, found.Failure));
    }

    [Fact]
    public async Task The_ids_of_discovered_resources_are_accepted()
    {
        var target = await TargetAsync();

        Assert.All((await Provider.DiscoverAsync(target, target.Filter, CancellationToken.None)).Resources, resource => Assert.Null(Provider.FaultOf(resource.ResourceId)));
    }

    [Fact]
    public async Task Each_resource_is_discovered_once_with_its_group_and_size_and_nothing_is_created()
    {
        var target = await TargetAsync();

        var found = (await Provider.DiscoverAsync(target, target.Filter, CancellationToken.None)).Resources;

        Assert.Equal(3, found.DistinctBy(resource => resource.ResourceId).Count());
        Assert.Equal([1, 2], found.CountBy(resource => resource.GroupId).Select(group => group.Value).Order());
        Assert.All(found, resource => Assert.True(resource is { SizeGiB: > 0, Failure: null }));
        Assert.Empty(await ListAsync(target));
    }

    [Fact]
    public async Task No_permission_is_missing_and_nothing_is_created_to_find_out()
    {
        var target = await TargetAsync();
        var found = (await Provider.DiscoverAsync(target, target.Filter, CancellationToken.None)).Resources;

        Assert.Empty(await Provider.FindMissingPermissionsAsync(target, found, CancellationToken.None));
        Assert.Empty(await ListAsync(target));
    }

    [Fact]
    public async Task The_snapshots_of_a_group_are_one_set_of_one_moment_and_listed_with_their_resources()
    {
        var target = await TargetAsync();
        var groups = await GroupsAsync(target);

        foreach (var group in groups)
        {
            var started = await Provider.StartAsync(target, group, CancellationToken.None);
            Assert.Equal(group.Select(entry => entry.ResourceId).Order(), started.Select(snapshot => snapshot.ResourceId).Order());
            Assert.Single(started.Select(snapshot => (snapshot.SetId, snapshot.StartedAt)).Distinct());
        }

        var listed = await ListAsync(target);
        Assert.Equal(3, listed.Select(snapshot => snapshot.Id).Distinct().Count());
        Assert.Equal(groups.SelectMany(group => group).Select(entry => entry.ResourceId).Order(), listed.Select(snapshot => snapshot.ResourceId).Order());
        Assert.Equal(groups.Count, listed.Select(snapshot => snapshot.SetId).Distinct().Count());
    }

    [Fact]
    public async Task A_snapshot_is_pending_and_then_completed()
    {
        var target = await TargetAsync();
        var started = await Provider.StartAsync(target, (await GroupsAsync(target))[0], CancellationToken.None);
        Assert.All(started, snapshot => Assert.True(snapshot is { State: SnapshotState.Pending, Percent: < 100 }));

        await Eventually.GetAsync(() => ListAsync(target), all => all.All(snapshot => snapshot is { State: SnapshotState.Completed, Percent: 100 }), "complete snapshots");
    }

    [Fact]
    public async Task The_snapshots_of_another_protection_are_neither_listed_nor_removed()
    {
        var (target, other) = (await TargetAsync(), await TargetAsync());
        await Provider.StartAsync(target, (await GroupsAsync(target))[0], CancellationToken.None);
        await Provider.StartAsync(other, (await GroupsAsync(other))[0], CancellationToken.None);
        var before = await ListAsync(other);

        foreach (var snapshot in await ListAsync(target))
            Assert.True(await Provider.RemoveAsync(target, snapshot.Id, CancellationToken.None));

        Assert.Empty(await ListAsync(target));
        Assert.Equal(before.Select(snapshot => snapshot.Id), (await ListAsync(other)).Select(snapshot => snapshot.Id));
    }

    [Fact]
    public async Task Snapshots_are_listed_and_removed_only_where_they_are()
    {
        var filtered = await TargetAsync();
        var (target, location) = (filtered.Target, filtered.Target.Location);
        string[] ids = [.. (await Provider.StartAsync(target, (await GroupsAsync(filtered))[0], CancellationToken.None)).Select(snapshot => snapshot.Id)];
        foreach (var elsewhere in new[] { location with { Region = "us-east-1" }, location with { Connection = OtherAccount } })
        {
            var other = target with { Location = elsewhere };
            Assert.Empty(await ListAsync(other));
            Assert.Empty(await Provider.FindAsync(other, ids, CancellationToken.None));
            foreach (var id in ids)
                Assert.False(await Provider.RemoveAsync(other, id, CancellationToken.None));
        }

        Assert.Equal(ids.Order(), (await ListAsync(target)).Select(snapshot => snapshot.Id).Order());
    }

    [Fact]
    public async Task A_snapshot_is_removed_once_and_then_not_known()
    {
        var target = await TargetAsync();
        var id = (await Provider.StartAsync(target, (await GroupsAsync(target))[0], CancellationToken.None))[0].Id;

        Assert.True(await Provider.RemoveAsync(target, id, CancellationToken.None));
        Assert.False(await Provider.RemoveAsync(target, id, CancellationToken.None));
    }

    [Fact]
    public async Task Snapshots_are_found_by_their_ids_and_those_that_are_not_there_are_left_out()
    {
        var target = await TargetAsync();
        var ids = (await Provider.StartAsync(target, (await GroupsAsync(target))[0], CancellationToken.None)).Select(snapshot => snapshot.Id).ToList();
        await Provider.RemoveAsync(target, ids[1], CancellationToken.None);

        Assert.Equal([ids[0]], (await Provider.FindAsync(target, [.. ids, "snap-0ffffffffffffffff"], CancellationToken.None)).Select(snapshot => snapshot.Id));
        Assert.Empty(await Provider.FindAsync(target, [], CancellationToken.None));
    }

    [Fact]
    public async Task A_group_that_is_not_there_is_refused()
    {
        var target = await TargetAsync();
        var missing = new ProtectedResource { ResourceId = "vol-0ffffffffffffffff", Type = "ebs-volume", GroupId = "vol-0ffffffffffffffff", State = ResourceState.Capturing };

        await Assert.ThrowsAsync<CaptureRefusedException>(() => Provider.StartAsync(target, [missing], CancellationToken.None));
        Assert.Empty(await ListAsync(target));
    }

    private Task<IReadOnlyList<Snapshot>> ListAsync(CaptureTarget target) => Provider.ListAsync(target, CancellationToken.None);

    private async Task<List<List<ProtectedResource>>> GroupsAsync(FilteredTarget target)
    {
        var (entries, _) = ProtectedResource.Reconcile([], (await Provider.DiscoverAsync(target, target.Filter, CancellationToken.None)).Resources);
        return [.. entries.GroupBy(entry => entry.GroupId).Select(group => group.ToList()).OrderByDescending(group => group.Count)];
    }
}
