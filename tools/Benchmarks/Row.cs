using System.Globalization;

namespace CloudRewind.Benchmarks;

/// <summary>A line of the report.</summary>
/// <param name="Measurement">Which measurement it comes from.</param>
/// <param name="Figure">What is compared with what.</param>
/// <param name="Ratio">The first divided by the second; empty where there is none.</param>
/// <param name="Behind">The figures behind it.</param>
/// <param name="Aim">What it should be, and whether it is; empty where nothing is aimed at.</param>
internal sealed record Row(string Measurement, string Figure, string Ratio, string Behind, string Aim)
{
    public static Row Of(string measurement, string figure, double ratio, FormattableString behind, string aim = "") =>
        new(measurement, figure, ratio.ToString("F2", CultureInfo.InvariantCulture), Text(behind), aim);

    /// <summary>A row that has figures and no ratio.</summary>
    public static Row Of(string measurement, string figure, FormattableString behind, string aim = "") =>
        new(measurement, figure, "", Text(behind), aim);

    /// <summary>What stands for a measurement that was not made.</summary>
    public static Row Skipped(string measurement, string reason) => new(measurement, "skipped", "", reason, "");

    /// <summary>An aim, with whether it is met.</summary>
    public static string AimOf(FormattableString aim, bool isMet) => $"{Text(aim)}: {(isMet ? "met" : "**not met**")}";

    public string ToMarkdown() => $"| {string.Join(" | ", new[] { Measurement, Figure, Ratio, Behind, Aim }.Select(Cell))} |";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Cell(string text) => text.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal);
}
