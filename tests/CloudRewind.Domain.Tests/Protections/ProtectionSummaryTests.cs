using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Retention;
using static CloudRewind.Domain.Protections.ProtectionStatus;

namespace CloudRewind.Domain.Tests.Protections;

public sealed class ProtectionSummaryTests
{
    private static readonly Protection First = Copies.At(5, Created);
    private static readonly Protection Second = Copies.At(6, Created);

    [Fact]
    public void One_protection_runs_until_it_has_its_outcome()
    {
        var summary = ProtectionSummary.None.Start(First);
        Assert.Equal(new CreateResult.AssemblyBusy(First.Id), summary.Refusal);
        Assert.Throws<InvalidOperationException>((Action)(() => summary.Start(Second)));

        Assert.Null(summary.End(First).Refusal);
        Assert.Equal(Second.Id, summary.End(First).Start(Second).Running);
        Assert.Equal(Second.Id, summary.End(First).Start(Second).Latest);
    }

    [Fact]
    public void Ending_another_protection_frees_nothing() => Assert.Equal(First.Id, ProtectionSummary.None.Start(First).End(Second).Running);

    [Fact]
    public void An_id_is_not_given_out_twice() =>
        Assert.Throws<InvalidOperationException>((Action)(() => ProtectionSummary.None.Start(First).End(First).Start(First)));

    [Fact]
    public void A_scheduled_protection_may_be_named_after_an_earlier_due_time()
    {
        var summary = ProtectionSummary.None.Start(Second).End(Second).Start(First with { IsScheduled = true });

        Assert.Equal((First.Id, First.Id, 6), (summary.Running, summary.Latest, summary.LatestMilliseconds));
    }

    [Fact]
    public void A_closed_assembly_starts_nothing_and_the_running_protection_goes_on()
    {
        var closed = ProtectionSummary.None.Start(First).Close();

        Assert.Equal(First.Id, closed.Running);
        Assert.IsType<CreateResult.AssemblyClosed>(closed.Refusal);
        Assert.IsType<CreateResult.AssemblyClosed>(closed.End(First).Refusal);
        Assert.Throws<InvalidOperationException>((Action)(() => closed.End(First).Start(Second)));
    }

    [Theory]
    [InlineData(Success, Success, 2)]
    [InlineData(PartiallyProtected, Success, 2)]
    [InlineData(PartiallyProtected, PartiallyProtected, 2)]
    [InlineData(Success, PartiallyProtected, 1)]
    [InlineData(Success, Failed, 1)]
    [InlineData(PartiallyProtected, Skipped, 1)]
    public void The_newest_good_copy_is_the_newest_success_and_where_there_is_none_the_newest_that_is_partial(
        ProtectionStatus first, ProtectionStatus second, int newest)
    {
        var summary = ProtectionSummary.None.End(Copies.At(1, first)).End(Copies.At(2, second));

        Assert.Equal(newest, summary.NewestGood!.Id.EpochMilliseconds);
    }

    [Fact]
    public void The_next_best_copy_takes_the_place_of_one_that_goes()
    {
        var summary = ProtectionSummary.None.End(Copies.At(1, Success)).End(Copies.At(2, Success)).End(Copies.At(3, PartiallyProtected));
        var others = new[] { Copies.At(1, Success), Copies.At(3, PartiallyProtected) }.Select(copy => copy.AsRecoveryPoint()!);

        Assert.Equal(1, summary.Release(Copies.At(2, Success).Id, RecoveryPoint.Latest(others)).NewestGood!.Id.EpochMilliseconds);
        Assert.Null(summary.Release(Copies.At(2, Success).Id, next: null).NewestGood);
        Assert.Same(summary, summary.Release(Copies.At(1, Success).Id, next: null));
    }
}
