using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace CloudRewind.Chaos;

/// <summary>How much is done, and with which dice.</summary>
/// <param name="Rounds">How many rounds.</param>
/// <param name="Seed">What the dice begin with: the same plan again, as far as two processes that race can be planned.</param>
/// <param name="Cells">How many storages, each with two hosts of its own, go through rounds at once; every second one captures on the emulated AWS.</param>
/// <param name="Assemblies">How many cloud assemblies each round has: each gets a protection at once, and perhaps more.</param>
public sealed record ChaosOptions(int Rounds, int Seed, int Cells, int Assemblies)
{
    /// <summary>What may be given.</summary>
    public const string Usage = "--rounds N (1 to 100000; 20)  --seed S (any whole number; by the clock)  --cells C (1 to 16; 2)  --assemblies A (1 to 200; 24)";

    /// <summary>Reads the command line.</summary>
    public static bool TryParse(string[] args, [NotNullWhen(true)] out ChaosOptions? options, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(args);
        var (rounds, seed, cells, assemblies) = (20, Environment.TickCount & int.MaxValue, 2, 24);
        (options, error) = (null, null);
        for (var i = 0; i < args.Length; i += 2)
        {
            var given = i + 1 < args.Length ? args[i + 1] : null;
            error = args[i] switch
            {
                "--rounds" => Read(given, 1, 100_000, ref rounds),
                "--seed" => Read(given, int.MinValue, int.MaxValue, ref seed),
                "--cells" => Read(given, 1, 16, ref cells),
                "--assemblies" => Read(given, 1, 200, ref assemblies),
                _ => $"'{args[i]}' is no option.",
            };
            if (error is not null)
                return false;
        }

        options = new ChaosOptions(rounds, seed, Math.Min(cells, rounds), assemblies);
        return true;

        string? Read(string? text, int min, int max, ref int value) =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= min && value <= max
                ? null
                : $"'{text}' is not a whole number from {min} to {max}.";
    }
}
