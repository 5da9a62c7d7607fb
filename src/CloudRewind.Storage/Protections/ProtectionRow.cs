using Azure.Data.Tables;
using CloudRewind.Domain.Protections;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Protections;

/// <summary>A protection as a row of the table <c>Protections</c>.</summary>
internal static class ProtectionRow
{
    /// <summary>Tells the call that made the row from another one that wanted the same id. A merge leaves it as it is.</summary>
    public const string CreatedBy = nameof(CreatedBy);

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
            [nameof(Protection.PruneRequestedAt)] = protection.PruneRequestedAt,
            [nameof(Protection.AssemblyIsBeingDeleted)] = protection.AssemblyIsBeingDeleted,
        };
        CountColumns.Write(row, protection.Counts);
        if (protection.Progress is { } progress)
            ProgressColumns.Write(row, progress, protection.Sequence);
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
        Progress = ProgressColumns.Read(row, row.Number(nameof(Protection.Sequence))),
        PruneRequestedAt = row.GetDateTimeOffset(nameof(Protection.PruneRequestedAt)),
        AssemblyIsBeingDeleted = row.GetBoolean(nameof(Protection.AssemblyIsBeingDeleted)) ?? false,
    };
}
