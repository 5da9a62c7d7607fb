namespace CloudRewind.EndToEnd.Tests.Http;

/// <summary>Runs when all others have run: the runner keeps what may not run beside others for the end.</summary>
[CollectionDefinition(nameof(ContractCoverageTests), DisableParallelization = true)]
[Collection(nameof(ContractCoverageTests))]
public sealed class ContractCoverageTests
{
    [SkippableFact]
    public void Every_operation_has_given_every_answer_that_the_contract_documents()
    {
        Skip.If(OutsideApp.IsGiven, OwnProcessFactAttribute.Reason);
        var leftOut = RunTests.LeftOut.ToArray();
        Skip.If(leftOut.Length > 0, $"It judges the whole suite, and this run leaves out {leftOut.Length} tests, {leftOut.FirstOrDefault()} among them.");

        var notSeen = Contract.NotSeen.ToArray();
        Assert.True(notSeen.Length == 0, $"Documented, and never answered in the whole suite: {string.Join(", ", notSeen)}.");
    }
}
