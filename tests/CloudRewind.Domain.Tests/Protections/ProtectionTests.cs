using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;
using static CloudRewind.Domain.Protections.ProtectionStatus;

namespace CloudRewind.Domain.Tests.Protections;

public sealed class ProtectionTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly AssemblyKey Assembly = new(1, "demo", 7);
    private static readonly NewProtection Request = new(Assembly, 0, "Nightly", TimeSpan.FromDays(30), Start, null);
    private readonly Protection created = Protection.Create(Request, -1).Protection;

    [Fact]
    public void A_new_protection_is_created_with_its_first_transition()
    {
        var (protection, first) = Protection.Create(Request, -1);

        Assert.Equal(new ProtectionId(Assembly, 0, Start.ToUnixTimeMilliseconds()), protection.Id);
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
    public void An_illegal_transition_is_refused()
    {
        foreach (var to in Enum.GetValues<ProtectionStatus>().Where(to => !Lifecycle.Allows(Created, to)))
            Refused(RecordResult.Illegal, created.Next(to, Start, "go"));

        Refused(RecordResult.Illegal, new ProtectionTransition(created.Id, 1, null, Created, Start, "again", ResourceCounts.None));
        Refused(RecordResult.Illegal, created.Next(Preparing, Start, "go") with { Sequence = 0 });
    }

    [Fact]
    public void A_transition_out_of_order_is_a_conflict()
    {
        Refused(RecordResult.Conflict, created.Next(Preparing, Start, "go") with { Sequence = 2 });
        Refused(RecordResult.Conflict, created.Next(Preparing, Start, "go") with { From = Preparing, To = Skipped });
    }

    [Fact]
    public void The_same_transition_again_is_a_repetition_whatever_its_time()
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
    public void A_step_is_the_same_whoever_it_is_recorded_for() =>
        Assert.True(created.Next(Preparing, Start, "go", by: Copies.Person).Repeats(created.Next(Preparing, Start, "go", by: Copies.Rule)));

    [Fact]
    public void The_due_times_of_a_policy_stay_free_for_it()
    {
        var request = new NewProtection(Copies.Assembly, 1, "Demo", TimeSpan.FromDays(1), Start, null);

        Assert.Equal(Start.ToUnixTimeMilliseconds() + 1, Protection.Create(request, -1).Protection.Id.EpochMilliseconds);
        Assert.Equal(Start.ToUnixTimeMilliseconds(), Protection.Create(request with { DueAt = Start }, Start.ToUnixTimeMilliseconds() + 5).Protection.Id.EpochMilliseconds);
    }

    private void Refused(RecordResult expected, ProtectionTransition transition)
    {
        Assert.Equal(expected, created.TryRecord(transition, null, out var step));
        Assert.Null(step);
        Assert.Contains($"{expected}", Assert.Throws<InvalidOperationException>(() => created.Record(transition)).Message, StringComparison.Ordinal);
    }
}
