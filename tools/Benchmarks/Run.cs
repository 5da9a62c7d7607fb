using System.Diagnostics;
using System.Globalization;

namespace CloudRewind.Benchmarks;

/// <summary>One run of the program: what was asked for, how far it is, and what has come of it.</summary>
internal sealed class Run(BenchmarkOptions options)
{
    private readonly long begun = Stopwatch.GetTimestamp();
    private string current = "";
    private long currentBegun;

    public BenchmarkOptions Options => options;

    public Sizes Sizes { get; } = options.IsQuick ? Sizes.Quick : Sizes.Default;

    public Report Report { get; } = new();

    /// <summary>The numbers of the rounds, from 0.</summary>
    public IEnumerable<int> Rounds => Enumerable.Range(0, options.Rounds);

    public void Begin(string measurement)
    {
        (current, currentBegun) = (measurement, Stopwatch.GetTimestamp());
        Say("begins");
    }

    public void End() => Say($"took {Stopwatch.GetElapsedTime(currentBegun).TotalSeconds:F0} s");

    /// <summary>Says how far it is, on standard error.</summary>
    public void Say(FormattableString progress) => Say(progress.ToString(CultureInfo.InvariantCulture));

    /// <inheritdoc cref="Say(FormattableString)"/>
    public void Say(string progress) =>
        Console.Error.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(begun).TotalSeconds,6:F0} s  {current}: {progress}"));
}
