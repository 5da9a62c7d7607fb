namespace CloudRewind.TestSupport;

/// <summary>What a tool answered.</summary>
/// <param name="ExitCode">0 where it has nothing to remark.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Errors">What it wrote to standard error.</param>
public sealed record ToolRun(int ExitCode, string Output, string Errors);
