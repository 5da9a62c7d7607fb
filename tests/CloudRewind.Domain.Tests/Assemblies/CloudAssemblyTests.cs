using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Changes;

namespace CloudRewind.Domain.Tests.Assemblies;

public sealed class CloudAssemblyTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly AssemblyKey Key = new(1, "demo", 7);
    private static readonly AssemblyDefinition Definition = new(
        "Demo", null, "eu-central-1", new CloudConnection("arn:aws:iam::123456789012:role/cloud-rewind", null), new ResourceFilter.Manual([]), null, AssemblyStatus.Enabled);
    private static readonly Actor Alice = new("alice", "token-1", "request-1");
    private static readonly CloudAssembly First = new(Key, Definition, Start, Start, 1);

    [Fact]
    public void The_first_put_creates_it() => Assert.Equal(
        new PutResult.Accepted(First, new Change(1, ChangeKind.Created, Start, Alice, FieldChange.Between([], Definition.Fields))),
        CloudAssembly.Put(null, Key, Definition, _ => true, Start, Alice));

    [Fact]
    public void A_later_one_replaces_what_it_is_and_counts_the_version()
    {
        var renamed = Definition with { Name = "Second" };

        Assert.Equal(
            new PutResult.Accepted(
                new CloudAssembly(Key, renamed, Start, Start.AddHours(1), 2),
                new Change(2, ChangeKind.Replaced, Start.AddHours(1), Alice, [new FieldChange("name", "Demo", "Second")])),
            CloudAssembly.Put(First, Key, renamed, _ => true, Start.AddHours(1), Alice));
    }

    [Theory]
    [InlineData("role", "secret", "role", null, "secret")]
    [InlineData("role", "secret", "role", "other", "other")]
    [InlineData("role", "secret", "another", null, null)]
    [InlineData("role", null, "role", "first", "first")]
    public void An_external_id_that_is_not_given_again_stays_for_the_same_role(
        string role, string? externalId, string nextRole, string? nextId, string? expected)
    {
        var current = First with { Definition = Definition with { Connection = new CloudConnection(role, externalId) } };

        var next = Definition with { Connection = new CloudConnection(nextRole, nextId) };
        var result = CloudAssembly.Put(current, Key, next, _ => true, Start, Alice);

        Assert.Equal(new CloudConnection(nextRole, expected), Assert.IsType<PutResult.Accepted>(result).Assembly.Definition.Connection);
    }

    [Theory]
    [InlineData(AssemblyStatus.DeleteRequested)]
    [InlineData(AssemblyStatus.DeleteInProgress)]
    [InlineData(AssemblyStatus.Deleted)]
    public void One_that_is_being_deleted_cannot_be_put(AssemblyStatus status) =>
        Assert.IsType<PutResult.AssemblyDeleted>(CloudAssembly.Put(First.AdvanceDeletion(status, Start, Alice).Assembly, Key, Definition, _ => true, Start, Alice));

    [Fact]
    public void The_condition_comes_first()
    {
        Assert.IsType<PutResult.ConditionFailed>(CloudAssembly.Put(null, Key, Definition, current => current is not null, Start, Alice));
        Assert.IsType<PutResult.ConditionFailed>(
            CloudAssembly.Put(First.AdvanceDeletion(AssemblyStatus.Deleted, Start, Alice).Assembly, Key, Definition, current => current?.Version == 1, Start, Alice));
    }

    [Fact]
    public void A_deletion_only_moves_on()
    {
        var (inProgress, change) = First.AdvanceDeletion(AssemblyStatus.DeleteInProgress, Start.AddHours(1), Alice);

        Assert.Equal((AssemblyStatus.DeleteInProgress, 2, Start.AddHours(1)), (inProgress.Definition.Status, inProgress.Version, inProgress.UpdatedAt));
        Assert.Equal(new Change(2, ChangeKind.DeletionStarted, Start.AddHours(1), Alice, [new FieldChange("status", "enabled", "delete-in-progress")]), change);
        Assert.Equal((inProgress, null), inProgress.AdvanceDeletion(AssemblyStatus.DeleteRequested, Start.AddHours(2), Alice));
        Assert.Equal((inProgress, null), inProgress.AdvanceDeletion(AssemblyStatus.DeleteInProgress, Start.AddHours(2), Alice));
        Assert.Equal(AssemblyStatus.Deleted, inProgress.AdvanceDeletion(AssemblyStatus.Deleted, Start.AddHours(2), Alice).Assembly.Definition.Status);
        Assert.Throws<ArgumentOutOfRangeException>(() => First.AdvanceDeletion(AssemblyStatus.Disabled, Start, Alice));
    }

    [Fact]
    public void A_change_of_the_external_id_is_on_record_and_the_id_is_not()
    {
        var put = Assert.IsType<PutResult.Accepted>(CloudAssembly.Put(
            First with { Definition = Definition with { Connection = Definition.Connection with { ExternalId = "the-old-secret" } } },
            Key,
            Definition with { Connection = new CloudConnection("arn:aws:iam::123456789012:role/other", "the-new-secret") },
            _ => true,
            Start,
            Alice));

        Assert.Equal(["cloudConnection.roleArn", "cloudConnection.externalId"], put.Change.Fields.Select(field => field.Name));
        Assert.DoesNotContain("secret", put.Change.Fields[1].ToString(), StringComparison.Ordinal);
    }
}
