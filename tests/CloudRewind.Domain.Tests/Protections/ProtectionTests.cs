using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;
using static CloudRewind.Domain.Protections.ProtectionStatus;

namespace CloudRewind.Domain.Tests.Protections;

public sealed class ProtectionTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly AssemblyKey Assembly = new(1, "demo", 7);
    private static readonly NewProtection Request = new(Assembly, 3, "Nightly", TimeSpan.FromDays(30), Start, null);
    private readonly Protection created = Protection.Create(Request, -1).Protection;

    [Fact]
    public void A_new_protection_is_created_with_its_first_transition()
    {
        var (protection, first) = Protection.Create(Request, -1);

        Assert.Equal(new ProtectionId(Assembly, 3, Start.ToUnixTimeMilliseconds()), protection.Id);
        Assert.Equal((Created, 0, Start, Start), (protection.Status, protection.Sequence, protection.CreatedAt, protection.UpdatedAt));
        Assert.Equal(Start.AddDays(30), protection.ExpiresAt);
        Assert.Equal(new ProtectionTransition(protection.Id, 0, null, Created, Start, "The protection was accepted.", ResourceCounts.None), first);
        Assert.True(first.IsLegal);
    }

    [Fact]
    public void An_id_is_later_than_every_one_before_whatever_the_clock_says()
    {
        var latest = Start.AddHours(1).ToUnixTimeMilliseconds();

        var protection = Protection.Create(Request, latest).Protection;

        Assert.Equal(latest + 1, protection.Id.EpochMilliseconds);
        Assert.Equal(Start, protection.CreatedAt);
    }

    [Fact]
    public void The_next_transition_can_be_recorded()
    {
        var transition = created.Next(Preparing, Start.AddSeconds(1), "go", new ResourceCounts(2, 0, 0));

        Assert.Equal(RecordResult.Recorded, created.TryRecord(transition, null, out var step));

        Assert.Equal(transition, step!.Transition);
        Assert.Equal(
            created with { Status = Preparing, Sequence = 1, UpdatedAt = Start.AddSeconds(1), Counts = new ResourceCounts(2, 0, 0) },
            step.Protection);
        Assert.Equal(step.Protection, created.Record(transition));
    }

    [Fact]
    public void The_step_to_an_outcome_ends_the_run_and_no_other_does()
    {
        foreach (var legal in Lifecycle.Transitions.Where(row => row.From is not null))
        {
            var protection = created with { Status = legal.From!.Value };
            protection.TryRecord(protection.Next(legal.To, Start, "go"), null, out var step);

            Assert.Equal(legal.To.IsOutcome(), step!.EndsRun);
        }
    }

    [Fact]
    public void What_is_not_legal_cannot_be_recorded()
    {
        foreach (var to in Enum.GetValues<ProtectionStatus>().Where(to => !Lifecycle.Allows(Created, to)))
            Refused(RecordResult.Illegal, created.Next(to, Start, "go"));

        Refused(RecordResult.Illegal, new ProtectionTransition(created.Id, 1, null, Created, Start, "again", ResourceCounts.None));
        Refused(RecordResult.Illegal, created.Next(Preparing, Start, "go") with { Sequence = 0 });
    }

    [Fact]
    public void What_is_not_next_is_a_conflict()
    {
        Refused(RecordResult.Conflict, created.Next(Preparing, Start, "go") with { Sequence = 2 });
        Refused(RecordResult.Conflict, created.Next(Preparing, Start, "go") with { From = Preparing, To = Skipped });
    }

    [Fact]
    public void What_is_on_record_is_a_repetition_whatever_its_time_and_anything_else_a_conflict()
    {
        var onRecord = created.Next(Preparing, Start, "go");
        var moved = created.Record(onRecord);

        Assert.Equal(RecordResult.AlreadyRecorded, moved.TryRecord(onRecord with { At = Start.AddMinutes(1) }, onRecord, out _));
        Assert.Equal(RecordResult.Conflict, moved.TryRecord(onRecord with { Reason = "another" }, onRecord, out _));
        Assert.Equal(RecordResult.Conflict, moved.TryRecord(onRecord, null, out _));
    }

    [Fact]
    public void A_transition_of_another_protection_is_refused()
    {
        var other = Protection.Create(Request, created.Id.EpochMilliseconds).Protection;

        Assert.Throws<ArgumentException>(() => created.TryRecord(other.Next(Preparing, Start, "go"), null, out _));
    }

    [Fact]
    public void Time_never_goes_back()
    {
        var early = created.Next(Preparing, Start.AddMinutes(-1), "go");
        Assert.Equal(Start, early.At);

        Assert.Equal(Start, created.Record(early with { At = Start.AddMinutes(-1) }).UpdatedAt);
    }

    [Fact]
    public void The_first_request_to_prune_keeps_its_time() =>
        Assert.Equal(Start, created.RequestPrune(Start).RequestPrune(Start.AddHours(1)).PruneRequestedAt);

    private void Refused(RecordResult expected, ProtectionTransition transition)
    {
        Assert.Equal(expected, created.TryRecord(transition, null, out var step));
        Assert.Null(step);
        Assert.Contains($"{expected}", Assert.Throws<InvalidOperationException>(() => created.Record(transition)).Message, StringComparison.Ordinal);
    }
}
