using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using Microsoft.Extensions.Time.Testing;

namespace CloudRewind.Domain.Tests.Capture;

/// <summary>A protection is captured and pruned where its location says, whatever the cloud assembly has become since.</summary>
public sealed class SnapshotLocationTests
{
    private static readonly CloudConnection OtherRole = new("arn:aws:iam::123456789012:role/new", "new");

    private readonly FakeTimeProvider time = new();
    private readonly InMemoryInventory inventory = new();
    private readonly ScriptedProvider provider;
    private readonly Protection protection;

    public SnapshotLocationTests()
    {
        provider = new ScriptedProvider(time);
        protection = Sample.InProgress(time.GetUtcNow());
    }

    public static TheoryData<CloudAssembly?> LaterAssemblies =>
    [
        null,
        Changed(definition => definition with { SourceRegion = "us-east-1" }),
        Changed(definition => definition with { Connection = new CloudConnection("arn:aws:iam::210987654321:role/cloud-rewind", null) }),
        Changed(definition => definition with { Connection = OtherRole }),
        Changed(definition => definition with { Status = AssemblyStatus.DeleteInProgress }),
    ];

    [Theory]
    [MemberData(nameof(LaterAssemblies))]
    public async Task A_later_change_of_the_assembly_neither_moves_the_captures_nor_the_prune(CloudAssembly? later)
    {
        inventory.With("a", "b");
        await CaptureAsync(Sample.Assembly);

        await CaptureAsync(later);
        provider.Complete();
        Assert.Equal(new ResourceCounts(2, 2, 0), (await CaptureAsync(later)).Progress.Counts);
        Assert.Equal(2, (await PruneAsync(protection, later)).Removed);

        Assert.Empty(provider.Snapshots);
        Assert.Equal([protection.Location!], provider.Locations);
    }

    [Fact]
    public async Task A_refused_role_is_replaced_by_the_assemblys_present_role_of_the_same_account()
    {
        Captured("a");
        provider.RefusedConnections.Add(protection.Location!.Connection);

        Assert.Equal(1, (await PruneAsync(protection, Changed(definition => definition with { Connection = OtherRole, SourceRegion = "us-east-1" }))).Removed);

        Assert.Equal([protection.Location, protection.Location with { Connection = OtherRole }], provider.Locations);
    }

    [Fact]
    public async Task A_capture_goes_on_with_the_assemblys_present_role_of_the_same_account()
    {
        inventory.With("a");
        await CaptureAsync(Sample.Assembly);
        provider.Complete();
        provider.RefusedConnections.Add(protection.Location!.Connection);

        Assert.Equal(new ResourceCounts(1, 1, 0), (await CaptureAsync(Changed(definition => definition with { Connection = OtherRole }))).Progress.Counts);
    }

    [Theory]
    [InlineData("arn:aws:iam::210987654321:role/cloud-rewind")]
    [InlineData("arn:aws-cn:iam::123456789012:role/cloud-rewind")]
    public async Task A_role_of_another_account_is_never_used(string role)
    {
        Captured("a");
        provider.RefusedConnections.Add(protection.Location!.Connection);

        var round = await PruneAsync(protection, Changed(definition => definition with { Connection = new CloudConnection(role, null) }));

        Assert.Equal((0, 1, $"The role {protection.Location.Connection.RoleArn} cannot be assumed."), (round.Removed, round.Kept, round.Reason));
        Assert.Equal([protection.Location], provider.Locations);
    }

    [Fact]
    public async Task Where_both_roles_are_refused_the_reason_names_both()
    {
        Captured("a");
        provider.RefusedConnections.UnionWith([protection.Location!.Connection, OtherRole]);

        var round = await PruneAsync(protection, Changed(definition => definition with { Connection = OtherRole }));

        Assert.Equal(1, round.Kept);
        Assert.Equal(
            $"The role {protection.Location.Connection.RoleArn} cannot be assumed. The present connection of the cloud assembly is refused, too: The role {OtherRole.RoleArn} cannot be assumed.",
            round.Reason);
    }

    [Fact]
    public async Task What_another_provider_has_taken_is_neither_removed_nor_said_to_be_gone()
    {
        Captured("a");

        var round = await PruneAsync(TakenElsewhere(), Sample.Assembly);

        Assert.Equal((0, 1), (round.Removed, round.Kept));
        Assert.Equal("The provider Other has the snapshots of this protection, and Capture__Provider is Scripted: set it to Other.", round.Reason);
        Assert.Empty(provider.Locations);
        Assert.Single(inventory.ResourceIds);
    }

    [Fact]
    public async Task A_run_of_another_provider_waits_until_its_time_limit()
    {
        inventory.With("a", "b");
        await CaptureAsync(Sample.Assembly);

        var round = await CaptureAsync(Sample.Assembly, TakenElsewhere());
        Assert.Equal(2, round.Progress.Counts.Unfinished);
        Assert.Contains("set it to Other", round.Progress.Waiting, StringComparison.Ordinal);
        time.Advance(TimeSpan.FromHours(6));

        Assert.Equal(new ResourceCounts(2, 0, 2), (await CaptureAsync(Sample.Assembly, TakenElsewhere())).Progress.Counts);
        Assert.NotNull(inventory["a"].SnapshotId); // for the prune
    }

    [Fact]
    public void The_location_is_recorded_with_the_first_step_and_stands()
    {
        var created = protection with { Status = ProtectionStatus.Created, Sequence = 0, Location = null };
        var moved = protection.Location! with { Region = "us-east-1" };
        var first = created.Next(ProtectionStatus.Preparing, time.GetUtcNow(), "go") with { Location = protection.Location };

        Assert.Equal(RecordResult.Recorded, created.TryRecord(first, null, out var step));
        var preparing = step!.Protection;
        Assert.Equal(protection.Location, preparing.Location);
        Assert.Equal(RecordResult.AlreadyRecorded, preparing.TryRecord(first with { Location = moved }, first, out _));
        Assert.Equal(protection.Location, preparing.Record(preparing.Next(ProtectionStatus.Skipped, time.GetUtcNow(), "nothing") with { Location = moved }).Location);
    }

    private static CloudAssembly Changed(Func<AssemblyDefinition, AssemblyDefinition> change) => Sample.Assembly with { Definition = change(Sample.Assembly.Definition) };

    private Protection TakenElsewhere() => protection with { Location = protection.Location! with { Provider = "Other" } };

    private void Captured(string resource)
    {
        inventory.With(resource);
        inventory.With(inventory[resource].With(provider.Take(resource)[0] with { State = SnapshotState.Completed }));
    }

    private Task<CaptureRound> CaptureAsync(CloudAssembly? assembly, Protection? stored = null) =>
        new CaptureRun(inventory, provider, new CaptureLimits(TimeSpan.FromHours(6), 8), time).AdvanceAsync(stored ?? protection, assembly, CancellationToken.None, CancellationToken.None);

    private Task<PruneRound> PruneAsync(Protection stored, CloudAssembly? assembly) =>
        new PruneRun(inventory, provider, time).AdvanceAsync(stored with { Status = ProtectionStatus.Success }, assembly, 0, CancellationToken.None);
}
