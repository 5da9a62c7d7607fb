using System.Diagnostics;
using System.Globalization;
using CloudRewind.Chaos.Faults;
using CloudRewind.TestSupport;

namespace CloudRewind.Chaos;

/// <summary>Goes through rounds of faults; each settles, and is then judged by the tables and the provider's endpoint alone.</summary>
public static class ChaosRun
{
    /// <summary>Goes through all rounds.</summary>
    /// <param name="options">How many, and with which dice.</param>
    /// <param name="output">Is told of each round, and of each violation when it is found.</param>
    public static async Task<ChaosReport> RunAsync(ChaosOptions options, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(output);
        output = TextWriter.Synchronized(output);
        var report = new ChaosReport(options);
        await output.WriteLineAsync(
            string.Create(CultureInfo.InvariantCulture, $"{options.Rounds} rounds in {options.Cells} cells, seed {options.Seed}"));
        if (options.JumpsClocks && MovableClock.WhyNot is { } why)
            await output.WriteLineAsync($"no clock jumps: {why}");
        if (OutsideApp.IsGiven)
        {
            await using var outside = Cell.Of(OutsideApp.Read());
            for (var round = 0; round < options.Rounds; round++)
                await RunAsync(outside, options, round, report, output);
            return report;
        }

        await Task.WhenAll(Enumerable.Range(0, options.Cells).Select(number => RunCellAsync(options, number, report, output)));
        return report;
    }

    private static async Task RunCellAsync(ChaosOptions options, int number, ChaosReport report, TextWriter output)
    {
        for (var round = number; round < options.Rounds; round += options.Cells)
        {
            try
            {
                await using var cell = await Cell.StartAsync(number, options.JumpsClocks);
                for (; round < options.Rounds; round += options.Cells)
                    await RunAsync(cell, options, round, report, output);
            }
            catch (Exception error) // a round without a verdict is a violation; the other rounds continue
            {
                await TellAsync(options, round, $"it did not come to its end: {error}", report, output);
            }
        }
    }

    private static async Task RunAsync(Cell cell, ChaosOptions options, int number, ChaosReport report, TextWriter output)
    {
        var begun = Stopwatch.GetTimestamp();
        var theme = ThemeOf(number, options.Seed);
        var round = new Round(cell, theme, options, new Random(unchecked((options.Seed * 397) ^ number)), report);
        var found = await round.RunAsync();
        foreach (var violation in found)
            await TellAsync(options, number, violation, report, output);

        var took = (int)Stopwatch.GetElapsedTime(begun).TotalSeconds;
        report.Count(Judged.Rounds);
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"round {number} on {cell.Provider}: {round.Plan}; {round.Protections} protections, {found.Count} violations, {took} s"));
    }

    // As many rounds as there are themes have each of them once, in an order that changes.
    private static Theme ThemeOf(int round, int seed)
    {
        var themes = Enum.GetValues<Theme>();
        new Random(unchecked((seed * 397) ^ ~(round / themes.Length))).Shuffle(themes);
        return themes[round % themes.Length];
    }

    private static Task TellAsync(ChaosOptions options, int round, string violation, ChaosReport report, TextWriter output)
    {
        var text = $"VIOLATION in round {round} of seed {options.Seed}: {violation}";
        report.Violated(text);
        return output.WriteLineAsync(text);
    }
}
