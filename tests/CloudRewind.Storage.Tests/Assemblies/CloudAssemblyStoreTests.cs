using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Changes;
using CloudRewind.Storage.Assemblies;
using CloudRewind.Storage.Tests.Support;

namespace CloudRewind.Storage.Tests.Assemblies;

[Collection(StorageTests.Name)]
public sealed class CloudAssemblyStoreTests(StorageFixture storage)
{
    private static readonly Actor Alice = new("alice", "token-1", "request-1");

    private readonly TableCloudAssemblyStore assemblies = new(storage.Tables);
    private readonly AssemblyKey key = StorageFixture.NewAssembly();

    public static TheoryData<ResourceFilter> Filters =>
    [
        new ResourceFilter.Manual([]),
        new ResourceFilter.Manual(["sim-ok-a", "ü😀", "with \"quotes\""]),
        new ResourceFilter.Vpc("vpc-0a1b2c3d4e5f60718"),
        new ResourceFilter.Tags([new ResourceTag("Name", ""), new ResourceTag("a:b", "c=d")], MatchAll: true),
        new ResourceFilter.Tags([new ResourceTag("Name", "x")], MatchAll: false),
    ];

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task An_assembly_is_read_back_as_it_was_put(ResourceFilter filter)
    {
        var definition = Definition() with { Filter = filter, Description = "for tests", Retention = TimeSpan.FromDays(36_500), Status = AssemblyStatus.Disabled };
        await PutAsync(definition);

        var read = (await assemblies.FindAsync(key, CancellationToken.None))!;

        Assert.Equivalent(definition, read.Definition, strict: true);
        Assert.Equal((key, 1, Requests.Now), (read.Key, read.Version, read.CreatedAt));
    }

    [Fact]
    public async Task A_manual_list_may_have_five_thousand_resources()
    {
        var resources = Enumerable.Range(0, 5_000).Select(number => $"arn:aws:ec2:eu-central-1:123456789012:volume/vol-{number:D10}").ToList();
        await PutAsync(Definition() with { Filter = new ResourceFilter.Manual(resources) });

        Assert.Equal(resources, Assert.IsType<ResourceFilter.Manual>((await assemblies.FindAsync(key, CancellationToken.None))!.Definition.Filter).Resources);
    }

    [Fact]
    public async Task Each_put_is_a_version_and_the_first_time_stays()
    {
        await PutAsync(Definition());

        var second = Accepted(await assemblies.PutAsync(key, Definition() with { Name = "Second" }, _ => true, Requests.Now.AddHours(1), Alice, CancellationToken.None));

        Assert.Equal((2, Requests.Now, Requests.Now.AddHours(1)), (second.Version, second.CreatedAt, second.UpdatedAt));
    }

    [Fact]
    public async Task A_condition_that_does_not_hold_writes_nothing()
    {
        Assert.IsType<PutResult.ConditionFailed>(await assemblies.PutAsync(key, Definition(), current => current is not null, Requests.Now, Alice, CancellationToken.None));
        Assert.Null(await assemblies.FindAsync(key, CancellationToken.None));
    }

    [Fact]
    public async Task Only_one_of_many_puts_of_the_same_version_succeeds()
    {
        await PutAsync(Definition());

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(writer =>
            assemblies.PutAsync(key, Definition() with { Name = $"writer {writer}" }, current => current?.Version == 1, Requests.Now, Alice, CancellationToken.None)));

        var winner = Assert.Single(results.OfType<PutResult.Accepted>()).Assembly;
        Assert.Equal(7, results.OfType<PutResult.ConditionFailed>().Count());
        Assert.Equal(winner.Definition.Name, (await assemblies.FindAsync(key, CancellationToken.None))!.Definition.Name);
    }

    [Fact]
    public async Task A_hundred_unconditional_puts_at_once_all_succeed()
    {
        await Task.WhenAll(Enumerable.Range(0, 100).Select(writer => PutAsync(Definition() with { Name = $"writer {writer}" })));

        Assert.Equal(100, (await assemblies.FindAsync(key, CancellationToken.None))!.Version);
    }

    [Fact]
    public async Task A_list_has_the_assemblies_of_the_project_by_id_without_the_deleted_ones()
    {
        foreach (var number in new long[] { 100, 20, 3, long.MaxValue })
            await assemblies.PutAsync(new AssemblyKey(key.AccountId, "list", number), Definition(), _ => true, Requests.Now, Alice, CancellationToken.None);
        await assemblies.PutAsync(new AssemblyKey(key.AccountId, "List", 5), Definition(), _ => true, Requests.Now, Alice, CancellationToken.None);
        await assemblies.AdvanceDeletionAsync(new AssemblyKey(key.AccountId, "list", 20), AssemblyStatus.Deleted, Requests.Now, Alice, CancellationToken.None);

        var all = await assemblies.ListAsync(key.AccountId, "list", 0, 10, CancellationToken.None);
        Assert.Equal([3, 100, long.MaxValue], all.Items.Select(item => item.Key.CloudAssemblyId));
        Assert.Equal(3, all.Total);

        var part = await assemblies.ListAsync(key.AccountId, "list", 1, 1, CancellationToken.None);
        Assert.Equal([100], part.Items.Select(item => item.Key.CloudAssemblyId));
        Assert.Null(part.Total);
    }

    [Fact]
    public async Task A_deletion_only_moves_on_and_nothing_can_be_put_over_it()
    {
        await PutAsync(Definition());

        Assert.Equal(AssemblyStatus.DeleteInProgress, await AdvanceAsync(AssemblyStatus.DeleteInProgress));
        Assert.Equal(AssemblyStatus.DeleteInProgress, await AdvanceAsync(AssemblyStatus.DeleteRequested));
        Assert.Equal(AssemblyStatus.Deleted, await AdvanceAsync(AssemblyStatus.Deleted));
        Assert.IsType<PutResult.AssemblyDeleted>(await assemblies.PutAsync(key, Definition(), _ => true, Requests.Now, Alice, CancellationToken.None));
        Assert.Equal(AssemblyStatus.Deleted, (await assemblies.FindAsync(key, CancellationToken.None))!.Definition.Status);
    }

    [Fact]
    public async Task Each_change_is_on_record_with_its_actor_and_what_changed()
    {
        var bob = new Actor("bob", "token-2", "request-2");
        await PutAsync(Definition() with { Filter = new ResourceFilter.Manual(["sim-ok-a", "sim-ok-b"]) });
        await assemblies.PutAsync(key, Definition() with { Status = AssemblyStatus.Disabled }, _ => true, Requests.Now.AddHours(1), bob, CancellationToken.None);
        await AdvanceAsync(AssemblyStatus.DeleteRequested);
        await AdvanceAsync(AssemblyStatus.DeleteRequested);
        await PutAsync(Definition(), new AssemblyKey(key.AccountId, key.ProjectId, key.CloudAssemblyId + 1));

        var changes = await assemblies.ListChangesAsync(key, 100, CancellationToken.None);

        Assert.Equal(
            [(3, ChangeKind.DeletionRequested, Alice), (2, ChangeKind.Replaced, bob), (1, ChangeKind.Created, Alice)], changes.Select(change => (change.Version, change.Kind, change.By)));
        Assert.Equal([new("resourceFilterStrategy.resources", "sim-ok-a, sim-ok-b", null), new("status", "enabled", "disabled")], changes[1].Fields);
        Assert.Equal([changes[0]], await assemblies.ListChangesAsync(key, 1, CancellationToken.None));
    }

    [Fact]
    public async Task The_largest_change_is_on_record()
    {
        var largest = new string('\u0001', 1_024);
        await PutAsync(Definition() with { Name = largest, Description = largest });
        await PutAsync(Definition() with { Description = new string('"', 1_024), Filter = new ResourceFilter.Manual([.. Enumerable.Range(0, 5_000).Select(number => $"sim-ok-{number}")]) });

        Assert.Equal(["name", "description", "resourceFilterStrategy.resources"], (await assemblies.ListChangesAsync(key, 1, CancellationToken.None))[0].Fields.Select(field => field.Name));
    }

    [Fact]
    public async Task An_unknown_assembly_cannot_be_deleted() =>
        Assert.Null(await assemblies.AdvanceDeletionAsync(key, AssemblyStatus.Deleted, Requests.Now, Alice, CancellationToken.None));

    private static AssemblyDefinition Definition() => new(
        "Demo", null, "eu-central-1", new CloudConnection("arn:aws:iam::123456789012:role/cloud-rewind", "external"), new ResourceFilter.Manual([]), null, AssemblyStatus.Enabled);

    private async Task PutAsync(AssemblyDefinition definition, AssemblyKey? other = null) =>
        Accepted(await assemblies.PutAsync(other ?? key, definition, _ => true, Requests.Now, Alice, CancellationToken.None));

    private static CloudAssembly Accepted(PutResult result) => Assert.IsType<PutResult.Accepted>(result).Assembly;

    private async Task<AssemblyStatus> AdvanceAsync(AssemblyStatus status) =>
        (await assemblies.AdvanceDeletionAsync(key, status, Requests.Now, Alice, CancellationToken.None))!.Value.Assembly.Definition.Status;
}
