using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Retention;
using static CloudRewind.Domain.Protections.ProtectionStatus;

namespace CloudRewind.Domain.Tests.Protections;

/// <summary>How a protection applies the decisions of <see cref="RetentionRules"/>, whose own cases are in <c>Retention/cases</c>.</summary>
public sealed class AppliedRetentionTests
{
    private static readonly DateTimeOffset Expired = Copies.Start.AddDays(2);

    [Fact]
    public void A_copy_goes_when_its_retention_has_ended_and_a_newer_good_one_is_there()
    {
        var (old, summary) = (Copies.At(1, Success), ProtectionSummary.None.End(Copies.At(1, Success)).End(Copies.At(2, Success)));

        Assert.Equal(ActResult.NotDue, old.EndRetention(summary, Copies.Start, Copies.Rule).Result);
        var act = old.EndRetention(summary, Expired, Copies.Rule);

        Assert.Equal(ActResult.Done, act.Result);
        Assert.True(act.Releases);
        Assert.Equal(new Request(Expired, Copies.Rule, "Its retention has ended."), act.Protection.Prune);
        Assert.Equal((ProtectionEventKind.PruneRequested, 0, Copies.Rule), (act.Event!.Kind, act.Event.Number, act.Event.By));
        Assert.Equal(ActResult.AlreadyDone, act.Protection.EndRetention(summary, Expired, Copies.Rule).Result);
    }

    [Fact]
    public void The_newest_good_copy_is_kept_by_every_rule_and_that_is_said_once()
    {
        var newest = Copies.At(1, PartiallyProtected);
        var summary = ProtectionSummary.None.End(newest);

        var kept = newest.EndRetention(summary, Expired, Copies.Rule);
        Assert.Equal(ActResult.NewestGood, kept.Result);
        Assert.Null(kept.Protection.Prune);
        Assert.Equal(ProtectionEventKind.Kept, kept.Event!.Kind);
        Assert.Contains("newest good copy", kept.Event.Reason, StringComparison.Ordinal);

        var again = kept.Protection.EndRetention(summary, Expired.AddDays(1), Copies.Rule);
        Assert.Null(again.Event);
        Assert.Equal(Expired.AddDays(1), again.Protection.Kept!.At);
        Assert.Equal(ActResult.NewestGood, newest.ExceedCount(3, summary, Copies.Start, Copies.Rule).Result);
    }

    [Fact]
    public void A_persons_word_ends_even_the_newest_good_copy()
    {
        var newest = Copies.At(1, Success);
        var summary = ProtectionSummary.None.End(newest);

        Assert.Equal(ActResult.Done, newest.RequestPrune(summary, Copies.Start, Copies.Person).Result);
        Assert.Equal(ActResult.Done, (newest with { RetentionIsAsked = true }).EndRetention(summary, Expired, Copies.Rule).Result);
    }

    [Fact]
    public void What_is_locked_nothing_removes()
    {
        var copy = Copies.At(1, Success);
        var summary = ProtectionSummary.None.End(copy).End(Copies.At(2, Success));
        var locked = copy.SetLock(summary, Copies.Start, Copies.Person);
        Assert.Equal((ActResult.Done, 1), (locked.Result, locked.Summary.Locks));
        Assert.Equal(ActResult.AlreadyDone, locked.Protection.SetLock(locked.Summary, Copies.Start, Copies.Person).Result);

        Assert.Equal(ActResult.Locked, locked.Protection.RequestPrune(locked.Summary, Expired, Copies.Person).Result);
        Assert.Equal(ActResult.Locked, (locked.Protection with { RetentionIsAsked = true }).EndRetention(locked.Summary, Expired, Copies.Rule).Result);
        Assert.Equal(ActResult.Locked, locked.Protection.ExceedCount(3, locked.Summary, Expired, Copies.Rule).Result);
        var kept = locked.Protection.EndRetention(locked.Summary, Expired, Copies.Rule);
        Assert.Contains("locked", kept.Protection.Kept!.Reason, StringComparison.Ordinal);

        var unlocked = kept.Protection.Unlock(kept.Summary, Expired, Copies.Person);
        Assert.Equal((ActResult.Done, 0), (unlocked.Result, unlocked.Summary.Locks));
        Assert.Equal(Expired, unlocked.Protection.Kept!.At + RetentionRules.CheckInterval); // it is looked at from now on
        Assert.Equal([0, 1, 2], new[] { locked, kept, unlocked }.Select(act => act.Event!.Number));
        Assert.Equal(ActResult.AlreadyDone, unlocked.Protection.Unlock(unlocked.Summary, Expired, Copies.Person).Result);
        Assert.Equal(ActResult.Done, unlocked.Protection.EndRetention(unlocked.Summary, Expired, Copies.Rule).Result);
    }

    [Fact]
    public void It_is_too_late_to_lock_what_is_being_removed_or_deleted()
    {
        var copy = Copies.At(1, Success);
        var pruned = copy.RequestPrune(ProtectionSummary.None, Copies.Start, Copies.Person).Protection;

        Assert.Equal(ActResult.Pruned, pruned.SetLock(ProtectionSummary.None, Copies.Start, Copies.Person).Result);
        Assert.Equal(ActResult.Pruned, Copies.At(1, Elapsed).SetLock(ProtectionSummary.None, Copies.Start, Copies.Person).Result);
        Assert.Equal(ActResult.AssemblyClosed, copy.SetLock(ProtectionSummary.None.Close(), Copies.Start, Copies.Person).Result);
    }

    [Fact]
    public void Nothing_is_removed_before_its_outcome() =>
        Assert.Equal(ActResult.Running, Copies.At(1, InProgress).RequestPrune(ProtectionSummary.None, Expired, Copies.Person).Result);

    [Fact]
    public void A_run_that_is_cancelled_goes_no_further_and_may_only_end()
    {
        var run = Copies.At(1, Preparing);
        var act = run.RequestCancel(ProtectionSummary.None, Copies.Start, Copies.Person);
        Assert.Equal("Cancelled by alice.", act.Protection.Cancel!.Reason);
        Assert.Equal(ActResult.AlreadyDone, act.Protection.RequestCancel(ProtectionSummary.None, Copies.Start, Copies.Person).Result);

        Assert.Equal(RecordResult.Cancelled, act.Protection.TryRecord(act.Protection.Next(PreparationCompleted, Copies.Start, "go"), null, out _));
        Assert.Equal(RecordResult.Recorded, act.Protection.TryRecord(act.Protection.Next(Failed, Copies.Start, act.Protection.Cancel.Reason), null, out _));
        Assert.Equal(ActResult.Ended, Copies.At(1, Success).RequestCancel(ProtectionSummary.None, Copies.Start, Copies.Person).Result);
    }

    [Fact]
    public void The_outcome_stays_when_the_copy_has_gone()
    {
        var ended = Copies.At(1, InProgress).Record(Copies.At(1, InProgress).Next(PartiallyProtected, Copies.Start.AddHours(1), "so far"));
        var elapsed = ended.Record(ended.Next(Elapsed, Copies.Start.AddDays(1), "gone"));

        Assert.Equal((Elapsed, PartiallyProtected, Copies.Start.AddHours(1)), (elapsed.Status, elapsed.Outcome, elapsed.OutcomeAt));
    }
}
