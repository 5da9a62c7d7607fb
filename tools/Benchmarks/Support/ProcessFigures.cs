using System.Diagnostics;

namespace CloudRewind.Benchmarks.Support;

/// <summary>What processes take of the machine, together.</summary>
/// <param name="Megabytes">Resident memory.</param>
/// <param name="CpuSeconds">Processor time since they began.</param>
/// <param name="Threads">Their threads.</param>
/// <param name="Handles">Open files and sockets; 0 where the system does not show them.</param>
internal sealed record ProcessFigures(double Megabytes, double CpuSeconds, int Threads, int Handles)
{
    private const double BytesPerMegabyte = 1024 * 1024;

    public static ProcessFigures Of(IEnumerable<int> processIds)
    {
        var sum = new ProcessFigures(0, 0, 0, 0);
        foreach (var id in processIds)
        {
            using var process = Process.GetProcessById(id);
            var handles = $"/proc/{id}/fd";
            sum = new ProcessFigures(
                sum.Megabytes + (process.WorkingSet64 / BytesPerMegabyte),
                sum.CpuSeconds + process.TotalProcessorTime.TotalSeconds,
                sum.Threads + process.Threads.Count,
                sum.Handles + (Directory.Exists(handles) ? Directory.GetFileSystemEntries(handles).Length : 0));
        }

        return sum;
    }

    /// <summary>Looks at the memory of processes until what they do is done.</summary>
    /// <returns>The most megabytes that they had together.</returns>
    public static async Task<double> PeakMegabytesAsync(IReadOnlyList<int> processIds, Task work)
    {
        var peak = 0.0;
        while (!work.IsCompleted)
        {
            peak = Math.Max(peak, Of(processIds).Megabytes);
            await Task.WhenAny(work, Task.Delay(TimeSpan.FromMilliseconds(250)));
        }

        await work;
        return peak;
    }
}
