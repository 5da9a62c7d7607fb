using CloudRewind.Benchmarks.Measurements;

namespace CloudRewind.Benchmarks;

/// <summary>
/// Measures the app as processes, and prints what came of it as Markdown. 0: all that was asked for was measured; 1:
/// not all; 2: wrong options.
/// </summary>
internal static class Program
{
    private static readonly IMeasurement[] All =
        [new Lookup(), new Requests(), new Size(), new Bulk(), new Wait(), new Start(), new Load()];

    public static async Task<int> Main(string[] args)
    {
        BenchmarkOptions options;
        try
        {
            options = BenchmarkOptions.Parse(args, [.. All.Select(measurement => measurement.Name)]);
        }
        catch (OptionsException error)
        {
            await Console.Error.WriteLineAsync($"{error.Message}\n\n{BenchmarkOptions.Usage(All)}");
            return 2;
        }

        if (options.IsHelp)
        {
            Console.WriteLine(BenchmarkOptions.Usage(All));
            return 0;
        }

        using var signals = Children.EndOnSignals();
        var run = new Run(options);
        foreach (var measurement in All.Where(measurement => options.Names.Contains(measurement.Name)))
            await MeasureAsync(measurement, run);
        Console.WriteLine(run.Report.ToMarkdown());
        return run.Report.IsComplete ? 0 : 1;
    }

    private static async Task MeasureAsync(IMeasurement measurement, Run run)
    {
        run.Begin(measurement.Name);
        if (OutsideApp.IsGiven && measurement.WhyNotOutside is { } reason)
        {
            run.Report.Add(Row.Skipped(measurement.Name, reason));
            return;
        }

        try
        {
            await measurement.MeasureAsync(run);
            run.End();
        }
        catch (Exception error)
        {
            // One that fails must not take with it what the others have measured.
            await Console.Error.WriteLineAsync($"{measurement.Name} could not be measured: {error}");
            run.Report.AddFailure(measurement.Name, error.Message);
        }
    }
}
