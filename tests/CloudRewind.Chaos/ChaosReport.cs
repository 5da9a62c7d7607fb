using System.Globalization;

namespace CloudRewind.Chaos;

/// <summary>What a run came to.</summary>
public sealed class ChaosReport(ChaosOptions options)
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, int> counts = new(StringComparer.Ordinal);
    private readonly List<string> violations = [];

    /// <summary>Each violation, with the whole story of what it is about.</summary>
    public IReadOnlyList<string> Violations
    {
        get
        {
            lock (gate)
                return [.. violations];
        }
    }

    /// <summary>All of it in a few lines.</summary>
    public string Summary
    {
        get
        {
            lock (gate)
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"seed {options.Seed}: {string.Join(", ", counts.Select(count => $"{count.Value} {count.Key}"))}; {violations.Count} violations");
            }
        }
    }

    /// <summary>How often something was counted.</summary>
    public int this[string what]
    {
        get
        {
            lock (gate)
                return counts.GetValueOrDefault(what);
        }
    }

    /// <summary>Counts something.</summary>
    public void Count(string what, int times = 1)
    {
        lock (gate)
            counts[what] = counts.GetValueOrDefault(what) + times;
    }

    /// <summary>Notes a violation.</summary>
    public void Violated(string what)
    {
        lock (gate)
            violations.Add(what);
    }
}
