using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;

namespace CloudRewind.Domain.Tests.Protections;

public sealed class ActiveRunTests
{
    private static readonly ProtectionId First = new(new AssemblyKey(1, "demo", 7), 0, 5);
    private static readonly ProtectionId Second = new(new AssemblyKey(1, "demo", 7), 0, 6);

    [Fact]
    public void One_protection_runs_until_it_has_its_outcome()
    {
        var run = ActiveRun.None.Start(First);
        Assert.Equal(new CreateResult.AssemblyBusy(First), run.Refusal);
        Assert.Throws<InvalidOperationException>(() => run.Start(Second));

        Assert.Null(run.End(First).Refusal);
        Assert.Equal(Second, run.End(First).Start(Second).Running);
    }

    [Fact]
    public void One_that_does_not_run_frees_nothing() => Assert.Equal(First, ActiveRun.None.Start(First).End(Second).Running);

    [Fact]
    public void An_id_is_not_given_out_twice() => Assert.Throws<InvalidOperationException>(() => ActiveRun.None.Start(First).End(First).Start(First));

    [Fact]
    public void A_closed_one_lets_nothing_start_and_what_runs_goes_on()
    {
        var closed = ActiveRun.None.Start(First).Close();

        Assert.Equal(First, closed.Running);
        Assert.IsType<CreateResult.AssemblyClosed>(closed.Refusal);
        Assert.IsType<CreateResult.AssemblyClosed>(closed.End(First).Refusal);
        Assert.Throws<InvalidOperationException>(() => closed.End(First).Start(Second));
    }
}
