using System.Globalization;

namespace CloudRewind.Benchmarks;

/// <summary>What the command line asks for.</summary>
/// <param name="Names">The measurements to make.</param>
/// <param name="Rounds">How often each block is measured; 1 to 100.</param>
/// <param name="IsQuick">Everything at a tiny size, to try the program.</param>
/// <param name="BulkProtections">How many protections are made at once; null: the size that fits into a run of everything.</param>
/// <param name="LoadTime">How long the mixed load runs.</param>
/// <param name="IsHelp">Only to say which options there are.</param>
internal sealed record BenchmarkOptions(
    IReadOnlySet<string> Names, int Rounds, bool IsQuick, int? BulkProtections, TimeSpan LoadTime, bool IsHelp)
{
    private const int DefaultRounds = 5;
    private const int MaxRounds = 100;
    private const int MaxProtections = 100_000;
    private const double DefaultLoadMinutes = 15;
    private const double MaxLoadMinutes = 24 * 60;

    /// <summary>The measurement that is made only where it is asked for.</summary>
    private const string Load = "load";

    /// <exception cref="OptionsException">Something is not an option, or has an invalid value; the message names it.</exception>
    public static BenchmarkOptions Parse(string[] args, IReadOnlyList<string> known)
    {
        HashSet<string>? only = null;
        var (rounds, quick, help, bulk, load) = (DefaultRounds, false, false, (int?)null, (double?)null);
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--only":
                    only = [.. Value("--only", args, ++i).Split(',').Select(name => Known(name.Trim(), known))];
                    break;
                case "--rounds":
                    rounds = (int)Number("--rounds", args, ++i, NumberStyles.None, 1, MaxRounds);
                    break;
                case "--bulk":
                    bulk = (int)Number("--bulk", args, ++i, NumberStyles.None, 1, MaxProtections);
                    break;
                case "--load":
                    load = Number("--load", args, ++i, NumberStyles.AllowDecimalPoint, 0.1, MaxLoadMinutes);
                    break;
                case "--quick":
                    quick = true;
                    break;
                case "--help" or "-h":
                    help = true;
                    break;
                default:
                    throw new OptionsException($"'{args[i]}' is not an option.");
            }
        }

        var names = only ?? [.. known.Where(name => name != Load)];
        if (load is not null)
            names.Add(Load);
        return new BenchmarkOptions(names, rounds, quick, bulk, TimeSpan.FromMinutes(load ?? DefaultLoadMinutes), help);
    }

    /// <summary>What the options are.</summary>
    public static string Usage(IEnumerable<IMeasurement> measurements) =>
        $"""
        usage: dotnet run -c Release --project tests/CloudRewind.Benchmarks [-- OPTIONS]

          --only NAME[,NAME]  only these measurements
          --rounds N          rounds of each comparison, 1 to {MaxRounds}; {DefaultRounds} where nothing is said
          --bulk N            protections that are made at once; {Sizes.Default.BulkProtections} where nothing is said
          --load MINUTES      the mixed load as well, for that long; {DefaultLoadMinutes} with --only {Load}
          --quick             tiny sizes: to try the program, not to measure
          --help              this

        {string.Join('\n', measurements.Select(measurement => $"  {measurement.Name,-10} {measurement.Summary}"))}

        An app that something else started is measured with CLOUDREWIND_BASE_URL, CLOUDREWIND_SIGNING_KEY
        and CLOUDREWIND_STORAGE, as the end-to-end tests do it.
        """;

    private static string Value(string option, string[] args, int at) =>
        at < args.Length ? args[at] : throw new OptionsException($"{option} has no value.");

    private static string Known(string name, IReadOnlyList<string> known) =>
        known.Contains(name)
            ? name
            : throw new OptionsException($"--only: '{name}' is not a measurement; there are {string.Join(", ", known)}.");

    private static double Number(string option, string[] args, int at, NumberStyles style, double min, double max)
    {
        var text = Value(option, args, at);
        return double.TryParse(text, style, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new OptionsException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{option}: '{text}' is not a {(style == NumberStyles.None ? "whole number" : "number")} from {min} to {max}."));
    }
}
