namespace CloudRewind.Infrastructure.Tests.Support;

/// <summary>What the Bicep CLI answered.</summary>
/// <param name="ExitCode">0 where it did what it was asked to.</param>
/// <param name="Output">What was asked for.</param>
/// <param name="Remarks">Errors and warnings.</param>
internal sealed record BicepRun(int ExitCode, string Output, string Remarks)
{
    /// <summary>What was asked for, if there was nothing to remark.</summary>
    public string Clean()
    {
        Assert.True(ExitCode == 0 && Remarks.Length == 0, Remarks + Output);
        return Output;
    }
}
