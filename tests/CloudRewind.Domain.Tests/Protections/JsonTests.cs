using System.Text.Json;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Retention;

namespace CloudRewind.Domain.Tests.Protections;

/// <summary>Protections and transitions go through the engine as they are.</summary>
public sealed class JsonTests
{
    private static readonly ProtectionId Id = new(new AssemblyKey(1, "a:b/\"ü", 7), 3, 1_700_000_000_000);

    [Fact]
    public void An_id_is_its_text()
    {
        Assert.Equal("\"t1:demo:7:0:5\"", JsonSerializer.Serialize(new ProtectionId(new AssemblyKey(1, "demo", 7), 0, 5)));
        Assert.Equal(Id, Again(Id));
    }

    [Fact]
    public void An_assemblys_key_comes_back() => Assert.Equal(Id.Assembly, Again(Id.Assembly));

    [Fact]
    public void A_status_is_spelled_as_on_the_wire() => Assert.All(Enum.GetValues<ProtectionStatus>(), status =>
    {
        Assert.Equal($"\"{status.ToWireName()}\"", JsonSerializer.Serialize(status));
        Assert.Equal(status, Again(status));
        Assert.Equal<ProtectionStatus?>(status, Again<ProtectionStatus?>(status));
    });

    [Theory]
    [InlineData("1")]
    [InlineData("true")]
    [InlineData("\"\"")]
    [InlineData("\"Created\"")]
    [InlineData("\"t1:demo:7:0\"")]
    public void What_is_neither_id_nor_status_is_refused(string json)
    {
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<ProtectionId>(json));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<ProtectionStatus>(json));
    }

    [Fact]
    public void A_protection_and_its_transitions_come_back_whole()
    {
        var at = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(1_234_567);
        var protection = new Protection
        {
            Id = Id,
            Name = "Demo",
            Status = ProtectionStatus.PartiallyProtected,
            Sequence = 4,
            CreatedAt = at,
            UpdatedAt = at.AddSeconds(1),
            ExpiresAt = at.AddDays(30),
            Counts = new ResourceCounts(3, 2, 1),
            PolicyName = "nightly",
            Outcome = ProtectionStatus.PartiallyProtected,
            OutcomeAt = at,
            Prune = new Request(at.AddHours(1), new Actor("alice", "token", "request"), "It was to be pruned."),
            Cancel = new Request(at, new Actor("bob", null, ""), "Cancelled by bob."),
            Lock = new Request(at, Copies.Rule, "It is locked."),
            Kept = new RetentionHold(at, "It is the newest."),
            AssemblyIsBeingDeleted = true,
        };
        var location = new SnapshotLocation("Aws", "eu-central-1", new CloudConnection("arn:aws:iam::123456789012:role/cloud-rewind", "an-external-id"));
        var transition = protection.Next(ProtectionStatus.Elapsed, at.AddDays(30), "Retention has ended.", by: Copies.Person);

        Assert.Equal(protection, Again(protection));
        Assert.DoesNotContain("external", JsonSerializer.Serialize(protection with { Location = location }), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(transition, Again(transition));
    }

    private static T? Again<T>(T value) => JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(value));
}
