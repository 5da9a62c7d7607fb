using System.Diagnostics;

namespace CloudRewind.Benchmarks.Support;

/// <summary>Many requests of one kind, in a row: how long each took, and all of them.</summary>
internal sealed class Block
{
    private readonly double[] sorted;
    private readonly TimeSpan elapsed;

    private Block(IEnumerable<double> milliseconds, TimeSpan elapsed)
    {
        sorted = [.. milliseconds.Order()];
        this.elapsed = elapsed;
    }

    /// <summary>Half of the requests took no more milliseconds.</summary>
    public double P50 => Statistics.Percentile(sorted, 0.5);

    /// <summary>99 of 100 requests took no more milliseconds.</summary>
    public double P99 => Statistics.Percentile(sorted, 0.99);

    /// <summary>Requests per second.</summary>
    public double PerSecond => sorted.Length / elapsed.TotalSeconds;

    /// <summary>Asks that often.</summary>
    /// <param name="count">How often in all.</param>
    /// <param name="atOnce">How many requests are under way at any time.</param>
    /// <param name="ask">Asks once, and throws where the answer is not the one that is measured.</param>
    public static async Task<Block> RunAsync(int count, int atOnce, Func<Task> ask)
    {
        var taken = new double[count];
        var next = -1;
        var begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var mine && mine < count)
            {
                var asked = Stopwatch.GetTimestamp();
                await ask();
                taken[mine] = Stopwatch.GetElapsedTime(asked).TotalMilliseconds;
            }
        })));
        return new Block(taken, Stopwatch.GetElapsedTime(begun));
    }
}
