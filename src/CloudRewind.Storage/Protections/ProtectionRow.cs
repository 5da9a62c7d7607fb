using Azure.Data.Tables;
using CloudRewind.Domain;
using CloudRewind.Domain.Protections;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Protections;

/// <summary>A protection as a row of the table <c>Protections</c>.</summary>
internal static class ProtectionRow
{
    /// <summary>Tells the call that made the row from another one that wanted the same id.</summary>
    public const string CreatedBy = nameof(CreatedBy);

    // Written before it was recorded who asked.
    private const string PruneRequestedAt = nameof(PruneRequestedAt);

    public static TableEntity Create(Protection protection)
    {
        var row = new TableEntity(Keys.Protections.Partition(protection.Id.Assembly), Keys.Protections.Protection(protection.Id));
        Write(row, protection);
        return row;
    }

    /// <summary>Puts a protection over the row that it was read from; what else is in the row stays.</summary>
    public static void Write(TableEntity row, Protection protection)
    {
        row[nameof(Protection.Id)] = protection.Id.ToString();
        row[nameof(Protection.Name)] = protection.Name;
        row[nameof(Protection.Status)] = protection.Status.ToWireName();
        row[nameof(Protection.Sequence)] = protection.Sequence;
        row[nameof(Protection.CreatedAt)] = protection.CreatedAt;
        row[nameof(Protection.UpdatedAt)] = protection.UpdatedAt;
        row[nameof(Protection.ExpiresAt)] = protection.ExpiresAt;
        row[nameof(Protection.RetentionIsAsked)] = protection.RetentionIsAsked;
        row[nameof(Protection.PolicyName)] = protection.PolicyName;
        row[nameof(Protection.IsScheduled)] = protection.IsScheduled;
        row[nameof(Protection.Outcome)] = protection.Outcome?.ToWireName();
        row[nameof(Protection.OutcomeAt)] = protection.OutcomeAt;
        row[nameof(Protection.Events)] = protection.Events;
        row[nameof(Protection.AssemblyIsBeingDeleted)] = protection.AssemblyIsBeingDeleted;
        row.WriteJson(nameof(Protection.Prune), protection.Prune);
        row.WriteJson(nameof(Protection.Cancel), protection.Cancel);
        row.WriteJson(nameof(Protection.Lock), protection.Lock);
        row.WriteJson(nameof(Protection.Kept), protection.Kept);
        CountColumns.Write(row, protection.Counts);
        ProgressColumns.Write(row, protection.Progress, protection.Sequence);
    }

    public static Protection Read(TableEntity row)
    {
        var status = ProtectionStatusNames.FromWireName(row.Text(nameof(Protection.Status)));
        var updatedAt = row.Time(nameof(Protection.UpdatedAt));
        var outcome = row.GetString(nameof(Protection.Outcome));
        var isOldOutcome = outcome is null && status.IsOutcome(); // written before it was a column of its own
        return new Protection
        {
            Id = ProtectionId.Parse(row.Text(nameof(Protection.Id))),
            Name = row.Text(nameof(Protection.Name)),
            Status = status,
            Sequence = row.Number(nameof(Protection.Sequence)),
            CreatedAt = row.Time(nameof(Protection.CreatedAt)),
            UpdatedAt = updatedAt,
            ExpiresAt = row.GetDateTimeOffset(nameof(Protection.ExpiresAt)),
            RetentionIsAsked = row.GetBoolean(nameof(Protection.RetentionIsAsked)) ?? false,
            PolicyName = row.GetString(nameof(Protection.PolicyName)),
            IsScheduled = row.GetBoolean(nameof(Protection.IsScheduled)) ?? false,
            Outcome = outcome is not null ? ProtectionStatusNames.FromWireName(outcome) : isOldOutcome ? status : null,
            OutcomeAt = isOldOutcome ? updatedAt : row.GetDateTimeOffset(nameof(Protection.OutcomeAt)),
            Counts = CountColumns.Read(row),
            Progress = ProgressColumns.Read(row, row.Number(nameof(Protection.Sequence))),
            Prune = row.ReadJson<Request>(nameof(Protection.Prune)) ?? ReadOldPrune(row),
            Cancel = row.ReadJson<Request>(nameof(Protection.Cancel)),
            Lock = row.ReadJson<Request>(nameof(Protection.Lock)),
            Kept = row.ReadJson<KeptCopy>(nameof(Protection.Kept)),
            Events = row.GetInt32(nameof(Protection.Events)) ?? 0,
            AssemblyIsBeingDeleted = row.GetBoolean(nameof(Protection.AssemblyIsBeingDeleted)) ?? false,
        };
    }

    private static Request? ReadOldPrune(TableEntity row) =>
        row.GetDateTimeOffset(PruneRequestedAt) is { } at ? new Request(at, new Actor("unknown", null, ""), "It was to be pruned.") : null;
}
