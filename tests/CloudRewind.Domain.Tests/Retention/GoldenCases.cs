using System.Globalization;
using System.Runtime.CompilerServices;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Retention;
using CloudRewind.Domain.Tests.Protections;

namespace CloudRewind.Domain.Tests.Retention;

/// <summary>
/// Each file of <c>cases</c> lists the copies of one assembly, and says what retention decides about each. A copy without a time to
/// expire (<c>-</c>) is counted by its policy. The test fails where the decisions differ from the file's.
/// </summary>
public sealed class GoldenCases
{
    private const string Arrow = "-> ";

    public static TheoryData<string> Files => new(Directory.EnumerateFiles(Folder(), "*.txt").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Files))]
    public void Retention_decides_as_the_file_says(string file)
    {
        var expected = File.ReadAllText(Path.Combine(Folder(), file));
        var lines = expected.Split('\n');

        Assert.Equal(expected, string.Join('\n', Decide(lines)));
    }

    private static IEnumerable<string> Decide(string[] lines)
    {
        var header = Array.Find(lines, line => line.StartsWith("created ", StringComparison.Ordinal))!;
        var now = Time(Setting(lines, "now")!);
        var count = int.Parse(Setting(lines, "count") ?? "0", CultureInfo.InvariantCulture);
        var entries = lines.Select(line => line.Contains(Arrow, StringComparison.Ordinal) ? new Entry(header, line) : null).ToArray();
        var copies = entries.OfType<Entry>().Select(entry => entry.Copy).ToList();
        var latest = RecoveryPoint.Latest(RecoveryPoint.BestFirst(copies));
        var exceeding = RetentionRules.ExceedingCount(copies, count).ToHashSet();
        return lines.Zip(entries, (line, entry) => entry is null
            ? line
            : $"{line[..line.IndexOf(Arrow, StringComparison.Ordinal)]}{Arrow}{Text(Decide(entry, latest, exceeding, count, now))}");
    }

    private static RetentionDecision Decide(Entry entry, RecoveryPoint? latest, HashSet<RetainedCopy> exceeding, int count, DateTimeOffset now)
    {
        var facts = new RetentionFacts(entry.ExpiresAt, entry.Asks("retention"), entry.IsLocked, latest?.Id == entry.Copy.Id);
        return entry.Asks("prune") ? RetentionRules.OnRequest(facts)
            : exceeding.Contains(entry.Copy) ? RetentionRules.BeyondCount(facts, count)
            : RetentionRules.AtTime(facts, now);
    }

    private static string Text(RetentionDecision decision) => decision switch
    {
        RetentionDecision.Release(var reason) => $"release: {reason}",
        RetentionDecision.Keep(var by, var reason) => $"keep by {by.ToWireName()}: {reason}",
        _ => "not due",
    };

    private static string? Setting(string[] lines, string name) =>
        Array.Find(lines, line => line.StartsWith($"{name} ", StringComparison.Ordinal))?[(name.Length + 1)..];

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static string Folder([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "cases");

    // One line of a file, whose columns begin where the header's do.
    private sealed class Entry
    {
        private readonly string asked;

        public Entry(string header, string line)
        {
            string[] names = ["created", "outcome", "expires", "asked", "lock", Arrow.TrimEnd()];
            var columns = names.ToDictionary(name => name, name => header.IndexOf(name, StringComparison.Ordinal));
            string Column(string name) => columns[name] is >= 0 and var start
                ? line[start..columns.Values.Where(at => at > start).Min()].Trim()
                : "";

            var created = Time(Column("created"));
            ExpiresAt = Column("expires") is "-" ? null : Time(Column("expires"));
            IsLocked = Column("lock") == "locked";
            asked = Column("asked");
            Copy = new RetainedCopy(
                new ProtectionId(Copies.Assembly, ExpiresAt is null ? 1 : 0, created.ToUnixTimeMilliseconds()),
                WireName.Parse<ProtectionStatus>(Column("outcome")), created, ByCount: ExpiresAt is null);
        }

        public RetainedCopy Copy { get; }

        public DateTimeOffset? ExpiresAt { get; }

        public bool IsLocked { get; }

        public bool Asks(string what) => asked.Split(',').Contains(what);
    }
}
