using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace CloudRewind.Chaos;

/// <summary>How much is done, and with which seed.</summary>
/// <param name="Rounds">How many rounds.</param>
/// <param name="Seed">The seed of the random numbers: the same plan again, as far as two processes that race can be planned.</param>
/// <param name="Cells">How many storages, each with two hosts, go through rounds at once; each second one captures on AWS.</param>
/// <param name="Assemblies">How many cloud assemblies each round has: each gets a protection at once, and perhaps more.</param>
public sealed record ChaosOptions(int Rounds, int Seed, int Cells, int Assemblies)
{
    /// <summary>What may be given.</summary>
    public const string Usage =
        "--rounds N (1 to 100000; 20)  --seed S (any whole number; by the clock)  --cells C (1 to 16; 2)  --assemblies A (1 to 200; 24)  "
        + "--longest-outage SECONDS (30 to 300; 60)  --clock-jumps N (0 or 1; 0)";

    /// <summary>How long a storage service may be away; the shortest time is half a minute.</summary>
    public TimeSpan LongestOutage { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Whether the clock of one host in each cell jumps. Under libfaketime, idle threads of that host spin: the machine
    /// is slow then.
    /// </summary>
    public bool JumpsClocks { get; init; }

    /// <summary>Reads the command line.</summary>
    public static bool TryParse(string[] args, [NotNullWhen(true)] out ChaosOptions? options, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(args);
        var (rounds, seed, cells, assemblies, outage, jumps) = (20, Environment.TickCount & int.MaxValue, 2, 24, 60, 0);
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
                "--longest-outage" => Read(given, 30, 300, ref outage),
                "--clock-jumps" => Read(given, 0, 1, ref jumps),
                _ => $"'{args[i]}' is no option.",
            };
            if (error is not null)
                return false;
        }

        options = new ChaosOptions(rounds, seed, Math.Min(cells, rounds), assemblies)
        {
            LongestOutage = TimeSpan.FromSeconds(outage),
            JumpsClocks = jumps == 1,
        };
        return true;

        string? Read(string? text, int min, int max, ref int value) =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= min && value <= max
                ? null
                : $"'{text}' is not a whole number from {min} to {max}.";
    }
}
