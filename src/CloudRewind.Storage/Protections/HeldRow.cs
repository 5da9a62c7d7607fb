using Azure;
using Azure.Data.Tables;
using CloudRewind.Domain;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Retention;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Protections;

/// <summary>A protection that has its outcome and whose removal nobody has decided, as a row of the table <c>Protections</c>: what is held, without what has gone.</summary>
internal static class HeldRow
{
    private const string ByCount = nameof(RetainedCopy.ByCount);

    public static TableEntity Create(Protection protection) =>
        new(Keys.Protections.Partition(protection.Id.Assembly), Keys.Protections.Held(protection.Id))
        {
            [nameof(Protection.Id)] = protection.Id.ToString(),
            [nameof(Protection.Outcome)] = protection.Outcome!.Value.ToWireName(),
            [nameof(Protection.CreatedAt)] = protection.CreatedAt,
            [ByCount] = protection.ExpiresAt is null,
        };

    public static TableTransactionAction Delete(ProtectionId id) =>
        new(TableTransactionActionType.Delete, new TableEntity(Keys.Protections.Partition(id.Assembly), Keys.Protections.Held(id)), ETag.All);

    public static RetainedCopy Read(TableEntity row) => new(
        ProtectionId.Parse(row.Text(nameof(Protection.Id))),
        WireName.Parse<ProtectionStatus>(row.Text(nameof(Protection.Outcome))),
        row.Time(nameof(Protection.CreatedAt)),
        row.GetBoolean(ByCount) ?? false);
}
