using System.Globalization;

namespace CloudRewind.Chaos;

/// <summary>The counts and the violations of a run. A count of zero is shown too: what did not happen was not tested.</summary>
public sealed class ChaosReport(ChaosOptions options)
{
    private readonly Lock gate = new();
    private readonly Dictionary<Enum, int> counts = [];
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
                    $"""
                    seed {options.Seed}: {violations.Count} violations
                    asked: {List<Asked>()}
                    faults: {List<Fault>()}
                    judged: {List<Judged>()}
                    """);
            }
        }
    }

    /// <summary>How often something was counted.</summary>
    /// <param name="what">A value of <see cref="Asked"/>, <see cref="Fault"/> or <see cref="Judged"/>.</param>
    public int this[Enum what]
    {
        get
        {
            lock (gate)
                return counts.GetValueOrDefault(what);
        }
    }

    /// <summary>Counts something.</summary>
    /// <param name="what">A value of <see cref="Asked"/>, <see cref="Fault"/> or <see cref="Judged"/>.</param>
    /// <param name="times">How often it happened.</param>
    public void Count(Enum what, int times = 1)
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

    private string List<T>()
        where T : struct, Enum =>
        string.Join(", ", Enum.GetValues<T>().Select(value =>
            string.Create(CultureInfo.InvariantCulture, $"{counts.GetValueOrDefault(value)} {Words(value.ToString())}")));

    // "StatusAnswers" is "status answers".
    private static string Words(string name) =>
        string.Concat(name.Select((letter, at) =>
            char.IsAsciiLetterUpper(letter) ? $"{(at == 0 ? "" : " ")}{char.ToLowerInvariant(letter)}" : $"{letter}"));
}
