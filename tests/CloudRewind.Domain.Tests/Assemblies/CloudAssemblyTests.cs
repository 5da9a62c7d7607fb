using CloudRewind.Domain.Assemblies;

namespace CloudRewind.Domain.Tests.Assemblies;

public sealed class CloudAssemblyTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly AssemblyKey Key = new(1, "demo", 7);
    private static readonly AssemblyDefinition Definition = new(
        "Demo", null, "eu-central-1", new CloudConnection("arn:aws:iam::123456789012:role/cloud-rewind", null), new ResourceFilter.Manual([]), null, AssemblyStatus.Enabled);
    private static readonly CloudAssembly First = new(Key, Definition, Start, Start, 1);

    [Fact]
    public void The_first_put_creates_it() => Assert.Equal(new PutResult.Accepted(First), CloudAssembly.Put(null, Key, Definition, _ => true, Start));

    [Fact]
    public void A_later_one_replaces_what_it_is_and_counts_the_version()
    {
        var renamed = Definition with { Name = "Second" };

        Assert.Equal(
            new PutResult.Accepted(new CloudAssembly(Key, renamed, Start, Start.AddHours(1), 2)),
            CloudAssembly.Put(First, Key, renamed, _ => true, Start.AddHours(1)));
    }

    [Theory]
    [InlineData(AssemblyStatus.DeleteRequested)]
    [InlineData(AssemblyStatus.DeleteInProgress)]
    [InlineData(AssemblyStatus.Deleted)]
    public void One_that_is_being_deleted_cannot_be_put(AssemblyStatus status) =>
        Assert.IsType<PutResult.AssemblyDeleted>(CloudAssembly.Put(First.AdvanceDeletion(status, Start), Key, Definition, _ => true, Start));

    [Fact]
    public void The_condition_comes_first()
    {
        Assert.IsType<PutResult.ConditionFailed>(CloudAssembly.Put(null, Key, Definition, current => current is not null, Start));
        Assert.IsType<PutResult.ConditionFailed>(
            CloudAssembly.Put(First.AdvanceDeletion(AssemblyStatus.Deleted, Start), Key, Definition, current => current?.Version == 1, Start));
    }

    [Fact]
    public void A_deletion_only_moves_on()
    {
        var inProgress = First.AdvanceDeletion(AssemblyStatus.DeleteInProgress, Start.AddHours(1));

        Assert.Equal((AssemblyStatus.DeleteInProgress, 2, Start.AddHours(1)), (inProgress.Definition.Status, inProgress.Version, inProgress.UpdatedAt));
        Assert.Same(inProgress, inProgress.AdvanceDeletion(AssemblyStatus.DeleteRequested, Start.AddHours(2)));
        Assert.Same(inProgress, inProgress.AdvanceDeletion(AssemblyStatus.DeleteInProgress, Start.AddHours(2)));
        Assert.Equal(AssemblyStatus.Deleted, inProgress.AdvanceDeletion(AssemblyStatus.Deleted, Start.AddHours(2)).Definition.Status);
        Assert.Throws<ArgumentOutOfRangeException>(() => First.AdvanceDeletion(AssemblyStatus.Disabled, Start));
    }
}
