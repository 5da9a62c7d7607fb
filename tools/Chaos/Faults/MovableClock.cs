using System.Globalization;

namespace CloudRewind.Chaos.Faults;

/// <summary>
/// The clock of one host and its worker, moved by libfaketime. Timers go on by the real one, as they do where a machine's clock is set.
/// </summary>
internal sealed class MovableClock : IDisposable
{
    private static readonly string? Library = Find();

    private readonly string path = Path.Combine(Path.GetTempPath(), $"chaos-clock-{Guid.NewGuid():N}");

    public MovableClock() => Move(TimeSpan.Zero);

    /// <summary>Why there is none on this machine; null where there is.</summary>
    public static string? WhyNot => Library is null ? "libfaketime is not installed (Debian: apt-get install faketime)" : null;

    /// <summary>The environment variables of a host that goes by this clock.</summary>
    public IReadOnlyList<(string Name, string Value)> Settings =>
    [
        ("LD_PRELOAD", Library!),
        ("FAKETIME_TIMESTAMP_FILE", path),
        ("FAKETIME_CACHE_DURATION", "1"), // seconds
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
    ];

    /// <summary>Sets it.</summary>
    /// <param name="by">How far it is ahead of the real one; negative: behind.</param>
    public void Move(TimeSpan by)
    {
        var next = $"{path}.next";
        File.WriteAllText(next, string.Create(CultureInfo.InvariantCulture, $"{by.TotalSeconds:+0;-0;+0}s\n"));
        File.Move(next, path, overwrite: true); // it is read at any time, and as a whole
    }

    public void Dispose() => File.Delete(path);

    private static string? Find()
    {
        const string Name = "libfaketimeMT.so.1", Root = "/usr/lib";
        var folders = Directory.Exists(Root) ? Directory.EnumerateDirectories(Root).Append(Root) : [];
        return folders.Select(folder => Path.Combine(folder, "faketime", Name)).FirstOrDefault(File.Exists);
    }
}
