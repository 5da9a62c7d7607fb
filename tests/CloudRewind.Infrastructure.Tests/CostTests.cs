using System.Data;
using System.Globalization;
using System.Text.RegularExpressions;
using CloudRewind.Infrastructure.Tests.Support;
using CloudRewind.TestSupport;

namespace CloudRewind.Infrastructure.Tests;

/// <summary>The sums in docs/deploy.md.</summary>
public sealed partial class CostTests
{
    private static readonly string Guide = File.ReadAllText(Path.Combine(Repository.Root, "docs", "deploy.md"));

    public static TheoryData<string, string, string> Sums
    {
        get
        {
            var sums = new TheoryData<string, string, string>();
            foreach (var line in Block().Matches(Guide).SelectMany(block => block.Groups["lines"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)))
            {
                var sum = Sum().Match(line);
                Assert.True(sum.Success, line);
                sums.Add(sum.Groups["what"].Value.TrimEnd(), sum.Groups["formula"].Value, sum.Groups["result"].Value);
            }

            return sums;
        }
    }

    [Theory]
    [MemberData(nameof(Sums))]
    public void It_comes_to_what_is_written_and_uses_the_prices_of_the_table(string what, string formula, string result)
    {
        using var table = new DataTable();
        var value = Convert.ToDecimal(table.Compute(formula, null), CultureInfo.InvariantCulture);
        Assert.Equal(result, Math.Round(value, 2, MidpointRounding.AwayFromZero).ToString("0.00", CultureInfo.InvariantCulture));

        var prices = Price().Matches(Guide).ToDictionary(price => price.Groups["name"].Value, price => price.Groups["example"].Value);
        Assert.All(
            prices.Where(price => Regex.IsMatch(what, $@"\b{price.Key}\b")),
            price => Assert.Matches($@"(?<![\d.]){Regex.Escape(price.Value)}(?![\d.])", formula));
    }

    [BicepFact]
    public async Task It_counts_what_is_really_made()
    {
        var prod = await Deployment.OfAsync("prod");
        var scaling = prod.Single("Microsoft.Web/sites")["properties"]!["functionAppConfig"]!["scaleAndConcurrency"]!;
        var series = prod.Single("Microsoft.Insights/metricAlerts")["properties"]!["criteria"]!["allOf"]![0]!["dimensions"]![0]!["values"]!.AsArray().Count;

        Assert.Contains($"ready: {scaling["alwaysReady"]!.AsArray().Sum(ready => ready!["instanceCount"]!.GetValue<int>())} * {scaling["instanceMemoryMB"]!.GetValue<int>() / 1024} GB", Guide, StringComparison.Ordinal);
        Assert.Contains($"endpoints: {prod.All("Microsoft.Network/privateEndpoints").Count()} * 730 h", Guide, StringComparison.Ordinal);
        Assert.Contains($"alerts: {prod.All("Microsoft.Insights/scheduledQueryRules").Count()} * RULE + {series} * SERIES", Guide, StringComparison.Ordinal);
        Assert.Contains($"time, {scaling["triggers"]!["http"]!["perInstanceConcurrency"]!.GetValue<int>()} at once", Guide, StringComparison.Ordinal);
    }

    [GeneratedRegex("```cost\n(?<lines>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^(?<what>.+?) +(?<formula>[\d.]+(?: [*/+] [\d.]+)+) = (?<result>\d+\.\d\d)$")]
    private static partial Regex Sum();

    [GeneratedRegex(@"^\| `(?<name>[A-Z]+)` \| .* \| (?<example>[\d.]+) \|$", RegexOptions.Multiline)]
    private static partial Regex Price();
}
