using Azure;
using Azure.Data.Tables;
using CloudRewind.Domain;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Retention;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Protections;

/// <summary>A protection as a row of the table <c>Protections</c>.</summary>
internal static class ProtectionRow
{
    /// <summary>The write that replaces a protection, if nobody else has written it since it was read.</summary>
    public static TableTransactionAction Write(Protection protection, ETag version) => new(TableTransactionActionType.UpdateReplace, Create(protection), version);

    /// <summary>The whole row.</summary>
    public static TableEntity Create(Protection protection)
    {
        var row = new TableEntity(Keys.Protections.Partition(protection.Id.Assembly), Keys.Protections.Protection(protection.Id))
        {
            [nameof(Protection.Id)] = protection.Id.ToString(),
            [nameof(Protection.Name)] = protection.Name,
            [nameof(Protection.Status)] = protection.Status.ToWireName(),
            [nameof(Protection.Sequence)] = protection.Sequence,
            [nameof(Protection.CreatedAt)] = protection.CreatedAt,
            [nameof(Protection.UpdatedAt)] = protection.UpdatedAt,
            [nameof(Protection.ExpiresAt)] = protection.ExpiresAt,
            [nameof(Protection.RetentionIsAsked)] = protection.RetentionIsAsked,
            [nameof(Protection.PolicyName)] = protection.PolicyName,
            [nameof(Protection.IsScheduled)] = protection.IsScheduled,
            [nameof(Protection.Outcome)] = protection.Outcome?.ToWireName(),
            [nameof(Protection.OutcomeAt)] = protection.OutcomeAt,
            [nameof(Protection.Events)] = protection.Events,
            [nameof(Protection.Generation)] = protection.Generation,
            [nameof(Protection.AssemblyIsBeingDeleted)] = protection.AssemblyIsBeingDeleted,
            [nameof(Protection.InventoryIsBegun)] = protection.InventoryIsBegun,
        };
        row.WriteJson(nameof(Protection.Location), protection.Location);
        row.WriteJson(nameof(Protection.Prune), protection.Prune);
        row.WriteJson(nameof(Protection.Cancel), protection.Cancel);
        row.WriteJson(nameof(Protection.Lock), protection.Lock);
        row.WriteJson(nameof(Protection.Kept), protection.Kept);
        CountColumns.Write(row, protection.Counts);
        ProgressColumns.Write(row, protection.Progress, protection.Sequence);
        return row;
    }

    public static Protection Read(TableEntity row)
    {
        var sequence = row.Number(nameof(Protection.Sequence));
        return new Protection
        {
            Id = ProtectionId.Parse(row.Text(nameof(Protection.Id))),
            Name = row.Text(nameof(Protection.Name)),
            Status = WireName.Parse<ProtectionStatus>(row.Text(nameof(Protection.Status))),
            Sequence = sequence,
            CreatedAt = row.Time(nameof(Protection.CreatedAt)),
            UpdatedAt = row.Time(nameof(Protection.UpdatedAt)),
            ExpiresAt = row.GetDateTimeOffset(nameof(Protection.ExpiresAt)),
            RetentionIsAsked = row.GetBoolean(nameof(Protection.RetentionIsAsked)) ?? false,
            PolicyName = row.GetString(nameof(Protection.PolicyName)),
            IsScheduled = row.GetBoolean(nameof(Protection.IsScheduled)) ?? false,
            Outcome = row.GetString(nameof(Protection.Outcome)) is { } outcome ? WireName.Parse<ProtectionStatus>(outcome) : null,
            OutcomeAt = row.GetDateTimeOffset(nameof(Protection.OutcomeAt)),
            Counts = CountColumns.Read(row),
            Progress = ProgressColumns.Read(row, sequence),
            Location = row.ReadJson<SnapshotLocation>(nameof(Protection.Location)),
            Prune = row.ReadJson<Request>(nameof(Protection.Prune)),
            Cancel = row.ReadJson<Request>(nameof(Protection.Cancel)),
            Lock = row.ReadJson<Request>(nameof(Protection.Lock)),
            Kept = row.ReadJson<RetentionHold>(nameof(Protection.Kept)),
            Events = row.GetInt32(nameof(Protection.Events)) ?? 0,
            Generation = row.GetInt32(nameof(Protection.Generation)) ?? 0,
            AssemblyIsBeingDeleted = row.GetBoolean(nameof(Protection.AssemblyIsBeingDeleted)) ?? false,
            InventoryIsBegun = row.GetBoolean(nameof(Protection.InventoryIsBegun)) ?? false,
            Version = row.ETag.ToString(),
        };
    }
}
