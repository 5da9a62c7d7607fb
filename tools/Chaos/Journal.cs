using System.Collections.Concurrent;
using System.Globalization;

namespace CloudRewind.Chaos;

/// <summary>What clients were told in one round, and what of it cannot be, as it was told.</summary>
internal sealed class Journal
{
    // The status and the error's code; what follows differs from one answer to the next.
    private const int Compared = 80;

    private readonly ConcurrentDictionary<string, int> newest = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<Told> told = [];
    private readonly ConcurrentDictionary<string, bool> accepted = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> notes = [];
    private readonly ConcurrentQueue<string> overdue = [];
    private readonly ConcurrentQueue<(string Subject, string What)> violations = [];

    /// <summary>The protections that were accepted.</summary>
    public IEnumerable<string> Accepted => accepted.Keys;

    public IReadOnlyCollection<Told> All => told;

    /// <summary>The lookups that had no answer in time: the protection and the moment of each.</summary>
    public IReadOnlyCollection<string> OverdueLookups => overdue;

    /// <summary>What was done to single orchestrations.</summary>
    public IReadOnlyCollection<string> Notes => notes;

    /// <summary>What no client may be told; the same answer comes once, with how often there was one like it.</summary>
    public IReadOnlyList<string> Violations =>
    [
        .. violations.GroupBy(violation => violation.What[..Math.Min(violation.What.Length, Compared)]).Select(alike =>
            string.Create(CultureInfo.InvariantCulture, $"{alike.First().Subject}: {alike.First().What} ({alike.Count()} like this)")),
    ];

    public void Accept(string id) => accepted[id] = true;

    /// <summary>The newest sequence number that any client was told of before now; -1 where none was.</summary>
    public int NewestOf(string id) => newest.GetValueOrDefault(id, -1);

    /// <summary>A client was told a status.</summary>
    /// <param name="id">The protection.</param>
    /// <param name="before"><see cref="NewestOf"/> when the request was sent.</param>
    /// <param name="sequence">The sequence number that was told.</param>
    /// <param name="status">The status; null where only the number was.</param>
    public void Tell(string id, int before, int sequence, string? status)
    {
        told.Add(new Told(id, sequence, status, DateTime.UtcNow));
        newest.AddOrUpdate(id, sequence, (_, seen) => Math.Max(sequence, seen));
        if (sequence < before)
        {
            Violated(id, string.Create(
                CultureInfo.InvariantCulture, $"a client was told sequence {sequence} ({status}) after one had been told {before}"));
        }
    }

    public void Overdue(string id) =>
        overdue.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{id} at {DateTime.UtcNow:HH:mm:ss.fff}"));

    public void Note(string what) =>
        notes.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:HH:mm:ss.fff} {what}"));

    public void Violated(string subject, string what) => violations.Enqueue((subject, what));

    /// <summary>One answer.</summary>
    public sealed record Told(string Id, int Sequence, string? Status, DateTime At);
}
