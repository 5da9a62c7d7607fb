using System.Globalization;
using Azure.Data.Tables;
using CloudRewind.TestSupport;

namespace CloudRewind.Chaos;

/// <summary>Says what of an assembly's ledger breaks a rule of the lifecycle.</summary>
/// <param name="ledger">The tables.</param>
/// <param name="snapshots">The provider's snapshots, wherever they are, by the protection that their tag names.</param>
/// <param name="listed">The protections that are on the watchdog's list.</param>
/// <param name="journal">What clients were told.</param>
internal sealed class Judge(Ledger ledger, ILookup<string, TakenSnapshot> snapshots, IReadOnlySet<string> listed, Journal journal)
{
    private static readonly string[] Outcomes = ["success", "partially-protected", "skipped", "failed"];

    /// <summary>What a protection still waits for; null where it has settled.</summary>
    public static string? WaitsFor(Ledger ledger, TableEntity protection, DateTimeOffset now)
    {
        var status = protection.GetString("Status");
        if (status == "elapsed")
            return null;
        if (protection.GetString("Outcome") is null)
            return $"an outcome: it is {status}";
        if (protection.GetString("Prune") is not null)
            return $"its removal: it is {status}";
        if (protection.GetDateTimeOffset("ExpiresAt") is not { } end || end >= now.AddMinutes(10))
            return null;
        if (protection.GetString("Kept") is null)
            return $"the end of its retention at {end:HH:mm:ss.fff}";
        return protection.GetString("Lock") is null && protection.GetString("Id") != ledger.NewestGood
            ? $"its removal: it was kept as the newest good copy, which is {ledger.NewestGood ?? "none"} now"
            : null;
    }

    /// <summary>Every rule that is broken.</summary>
    public IEnumerable<(TableEntity? Protection, string Rule)> FindViolations() =>
        ledger.Protections.SelectMany(protection => OfOne(protection).Select(rule => ((TableEntity?)protection, rule))).Concat(OfAll());

    private IEnumerable<string> OfOne(TableEntity protection)
    {
        var id = protection.GetString("Id");
        var transitions = ledger.Transitions(protection);
        var status = protection.GetString("Status");
        for (var number = 0; number < transitions.Count; number++)
        {
            var (transition, from) = (transitions[number], number == 0 ? "" : transitions[number - 1].GetString("To"));
            if (transition.GetInt32("Sequence") != number)
                yield return $"transition {number} is missing";
            if ((transition.GetString("From") ?? "") != from || !SpecifiedLifecycle.Next[from].Contains(transition.GetString("To")))
                yield return $"transition {number} is from {transition.GetString("From")} to {transition.GetString("To")} after {from}";
            if (number > 0 && transition.GetDateTimeOffset("At") < transitions[number - 1].GetDateTimeOffset("At"))
                yield return $"transition {number} is dated before the one before";
        }

        if (transitions.Count == 0 || status != transitions[^1].GetString("To") || protection.GetInt32("Sequence") != transitions.Count - 1)
            yield return "its row does not say what its last transition says";
        var replaced = ledger.Events(protection).Count(happened => happened.GetString("Kind") == "OrchestrationReplaced");
        if (protection.GetInt32("Generation") != replaced)
            yield return $"it is driven by orchestration {protection.GetInt32("Generation")}, and {replaced} were replaced";
        if (transitions.Count(transition => Outcomes.Contains(transition.GetString("To"))) != 1)
            yield return "it has not one outcome";
        foreach (var told in journal.All.Where(told => told.Id == id))
        {
            var recorded = transitions.ElementAtOrDefault(told.Sequence)?.GetString("To");
            if (recorded is null || (told.Status ?? recorded) != recorded)
                yield return $"a client was told {told.Status} with sequence {told.Sequence}, which is not on record";
        }

        if (status != "elapsed" && protection.GetDateTimeOffset("ExpiresAt") is not null && !listed.Contains(id))
            yield return "it is to end, and is not on the watchdog's list";
        foreach (var rule in OfCopy(protection, transitions).Concat(OfRemoval(protection, transitions)))
            yield return rule;
    }

    private IEnumerable<string> OfCopy(TableEntity protection, IReadOnlyList<TableEntity> transitions)
    {
        var taken = snapshots[protection.GetString("Id")].ToList();
        foreach (var twice in taken.CountBy(snapshot => snapshot.ResourceId).Where(resource => resource.Value > 1))
            yield return $"{twice.Key} has {twice.Value} snapshots";
        var resources = ledger.Resources(protection);
        if (protection.GetString("Status") == "elapsed")
        {
            if (taken.Count > 0 || resources.Count > 0)
                yield return $"it has elapsed with {resources.Count} entries of inventory and these snapshots: {string.Join(" ", taken)}";
            yield break;
        }

        var place = Ledger.PlaceOf(protection);
        foreach (var resource in resources)
        {
            if (resource.GetString("State") != "Captured" && resource.GetString("SnapshotId") is null)
                continue;
            var recorded = new TakenSnapshot(resource.GetString("ResourceId"), resource.GetString("SnapshotId"), place ?? "");
            if (!taken.Contains(recorded))
                yield return $"this is on record, and not there: {recorded}";
        }

        foreach (var elsewhere in taken.Where(snapshot => snapshot.Place != place))
            yield return $"its snapshots are on record as being in {place ?? "no place"}, and this is not: {elsewhere}";
        var entries = resources.Select(resource => resource.GetString("ResourceId")).ToHashSet();
        foreach (var unknown in taken.Where(snapshot => !entries.Contains(snapshot.ResourceId)))
            yield return $"the snapshot {unknown} has no entry in the inventory";
        var outcome = transitions.FirstOrDefault(transition => Outcomes.Contains(transition.GetString("To")));
        if (outcome is null || protection.GetString("Status") == "pruning-failed")
            yield break;
        var captured = resources.Count(resource => resource.GetString("State") == "Captured");
        if (outcome.GetInt32("ResourcesCaptured") != captured)
            yield return $"its outcome counts {outcome.GetInt32("ResourcesCaptured")} captured resources, and there are {captured}";
        if (outcome.GetString("To") == "success" && (captured == 0 || captured < resources.Count))
            yield return $"it is a success with {captured} of {resources.Count} captured";
    }

    private IEnumerable<string> OfRemoval(TableEntity protection, IReadOnlyList<TableEntity> transitions)
    {
        var removal = transitions.FirstOrDefault(transition => transition.GetString("To") is "elapsed" or "pruning-failed");
        var decided = Ledger.PruneAt(protection);
        if (removal is not null && decided is null)
            yield return "it was removed without a decision";
        if (!Ledger.IsByRule(protection) || decided is null)
            yield break;
        if (protection.GetDateTimeOffset("ExpiresAt") is { } end && decided < end)
            yield return string.Create(CultureInfo.InvariantCulture, $"its retention ends {end:O}, its removal was decided {decided:O}");
        if (protection.GetBoolean("RetentionIsAsked") is true)
            yield break;

        // By the storage's own clock: what was held when its decision was written.
        var at = DecisionOf(protection);
        var held = ledger.Protections
            .Where(other => OutcomeOf(other) is { } outcome && outcome.Timestamp < at)
            .Where(other => other == protection || DecisionOf(other) is not { } gone || gone >= at)
            .ToList();
        var good = held.Where(copy => copy.GetString("Outcome") == "success").ToList();
        if (good.Count == 0)
            good = [.. held.Where(copy => copy.GetString("Outcome") == "partially-protected")];
        var newest = good.OrderBy(copy => copy.RowKey, StringComparer.Ordinal).MaxBy(copy => copy.GetDateTimeOffset("CreatedAt"));
        if (newest == protection)
            yield return "a rule has removed the newest good copy";
    }

    private IEnumerable<(TableEntity?, string)> OfAll()
    {
        if (ledger.Summary?.GetString("Running") is { } running)
            yield return (null, $"{running} is said to run");
        foreach (var left in ledger.Protections.Where(protection => ledger.IsDeleted && protection.GetString("Status") != "elapsed"))
            yield return (left, "its assembly is deleted");

        // By the storage's own clock. The time in an id is when a protection was due, which one that waited for another has missed.
        var inOrder = ledger.Protections.OrderBy(CreatedOn).ToList();
        foreach (var (one, next) in inOrder.Zip(inOrder.Skip(1)))
        {
            if (OutcomeOf(one) is { } outcome && CreatedOn(next) < outcome.Timestamp)
                yield return (next, $"it was created while {one.GetString("Id")} was running");
        }

        foreach (var (policy, due) in ledger.Missed)
        {
            var end = string.Create(CultureInfo.InvariantCulture, $":{policy}:{due.ToUnixTimeMilliseconds()}");
            foreach (var doubled in ledger.Protections.Where(one => one.GetString("Id").EndsWith(end, StringComparison.Ordinal)))
                yield return (doubled, "its due time is recorded as missed, too");
        }
    }

    // Null where that transition is missing, which another rule says.
    private DateTimeOffset? CreatedOn(TableEntity protection) =>
        ledger.Transitions(protection) is [var created, ..] ? created.Timestamp : null;

    private TableEntity? OutcomeOf(TableEntity protection) =>
        ledger.Transitions(protection).FirstOrDefault(transition => Outcomes.Contains(transition.GetString("To")));

    private DateTimeOffset? DecisionOf(TableEntity protection) =>
        ledger.Events(protection).FirstOrDefault(happened => happened.GetString("Kind") == "PruneRequested")?.Timestamp;
}
