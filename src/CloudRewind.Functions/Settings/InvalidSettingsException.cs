namespace CloudRewind.Functions.Settings;

/// <summary>Settings are missing or invalid. The message names each, and what would be right.</summary>
public sealed class InvalidSettingsException(IReadOnlyList<string> faults)
    : Exception(string.Join(Environment.NewLine, ["The settings do not allow a start:", .. faults.Select(fault => $"  - {fault}")]))
{
    /// <summary>One sentence per setting.</summary>
    public IReadOnlyList<string> Faults { get; } = faults;
}
