namespace CloudRewind.Benchmarks.Support;

/// <summary>What many figures come to.</summary>
internal static class Statistics
{
    public static double Median(this IEnumerable<double> figures)
    {
        double[] sorted = [.. figures.Order()];
        return sorted.Length == 0
            ? throw new InvalidOperationException("Nothing was measured.")
            : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The smallest figure that this part of all, from 0 to 1, does not exceed.</summary>
    public static double Percentile(IReadOnlyList<double> sorted, double part) => sorted.Count == 0
        ? throw new InvalidOperationException("Nothing was measured.")
        : sorted[Math.Clamp((int)Math.Ceiling(sorted.Count * part) - 1, 0, sorted.Count - 1)];

    /// <summary>The same in another order each round, so that none is always first.</summary>
    public static IEnumerable<T> Rotated<T>(this IReadOnlyList<T> all, int round) => all.Select((_, at) => all[(at + round) % all.Count]);
}
