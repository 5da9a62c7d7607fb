using Azure.Data.Tables;
using CloudRewind.Domain.Protections;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Protections;

/// <summary>A protection as a row of the table <c>Protections</c>.</summary>
internal static class ProtectionRow
{
    /// <summary>Set on every protection of an assembly that is being deleted.</summary>
    public const string AssemblyIsBeingDeleted = nameof(AssemblyIsBeingDeleted);

    /// <summary>Tells the request that made the row from another one that wanted the same id.</summary>
    public const string CreatedBy = nameof(CreatedBy);

    public static TableEntity Create(Protection protection, string createdBy)
    {
        var row = Changes(protection);
        row[nameof(Protection.Id)] = protection.Id.ToString();
        row[nameof(Protection.Name)] = protection.Name;
        row[nameof(Protection.CreatedAt)] = protection.CreatedAt;
        row[nameof(Protection.ExpiresAt)] = protection.ExpiresAt;
        row[CreatedBy] = createdBy;
        return row;
    }

    /// <summary>What a transition changes, to be merged into the row; the rest of it stays.</summary>
    public static TableEntity Changes(Protection protection)
    {
        var row = new TableEntity(ProtectionKeys.Partition(protection.Id.Assembly), protection.Id.RowKey)
        {
            [nameof(Protection.Status)] = protection.Status.ToWireName(),
            [nameof(Protection.Sequence)] = protection.Sequence,
            [nameof(Protection.UpdatedAt)] = protection.UpdatedAt,
        };
        CountColumns.Write(row, protection.Counts);
        return row;
    }

    public static Protection Read(TableEntity row) => new()
    {
        Id = ProtectionId.Parse(row.Text(nameof(Protection.Id))),
        Name = row.Text(nameof(Protection.Name)),
        Status = ProtectionStatusNames.FromWireName(row.Text(nameof(Protection.Status))),
        Sequence = row.Number(nameof(Protection.Sequence)),
        CreatedAt = row.Time(nameof(Protection.CreatedAt)),
        UpdatedAt = row.Time(nameof(Protection.UpdatedAt)),
        ExpiresAt = row.Time(nameof(Protection.ExpiresAt)),
        Counts = CountColumns.Read(row),
        PruneRequestedAt = row.GetDateTimeOffset(nameof(Protection.PruneRequestedAt)),
        AssemblyIsBeingDeleted = row.GetBoolean(AssemblyIsBeingDeleted) ?? false,
    };
}
