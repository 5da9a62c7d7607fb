using System.Collections.Concurrent;

namespace CloudRewind.Conformance.Evidence;

/// <summary>What functions did, as they did it: a test reads it over HTTP. It lives as long as the process.</summary>
public sealed class Notes
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _lines = [];

    /// <summary>Adds a line.</summary>
    /// <param name="about">What it belongs to: an instance id, mostly.</param>
    /// <param name="line">The line.</param>
    /// <returns>How many there are now.</returns>
    public int Add(string about, string line)
    {
        var lines = _lines.GetOrAdd(about, _ => []);
        lock (lines)
        {
            lines.Enqueue(line);
            return lines.Count;
        }
    }

    /// <summary>The lines, in the order in which they came.</summary>
    public IReadOnlyList<string> Of(string about) => _lines.TryGetValue(about, out var lines) ? [.. lines] : [];
}
