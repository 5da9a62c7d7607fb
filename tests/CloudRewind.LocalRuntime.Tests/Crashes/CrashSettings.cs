using System.Globalization;

namespace CloudRewind.LocalRuntime.Tests.Crashes;

/// <summary>
/// How long a run is. <c>CLOUDREWIND_CRASH_ROUNDS</c> asks for a long one, of 200 instances, and
/// <c>CLOUDREWIND_CRASH_SEED</c> for the random numbers of an earlier one.
/// </summary>
internal sealed record CrashSettings(int Seed, int Rounds, int Instances)
{
    private const int ShortRounds = 5;
    private const int ShortInstances = 12;
    private const int LongInstances = 200;

    public static CrashSettings Read()
    {
        var seed = Number("CLOUDREWIND_CRASH_SEED") ?? Random.Shared.Next(1_000_000);
        return Number("CLOUDREWIND_CRASH_ROUNDS") is { } rounds
            ? new CrashSettings(seed, rounds, LongInstances)
            : new CrashSettings(seed, ShortRounds, ShortInstances);
    }

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
