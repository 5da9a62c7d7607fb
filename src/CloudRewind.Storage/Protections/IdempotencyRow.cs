using Azure.Data.Tables;
using CloudRewind.Domain.Protections;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Protections;

/// <summary>A used idempotency key as a row of the table <c>Protections</c>; written once.</summary>
internal static class IdempotencyRow
{
    public static TableEntity Create(ProtectionId id, IdempotencyKey key) =>
        new(Keys.Protections.Partition(id.Assembly), Keys.Protections.Idempotency(key.Key))
        {
            [nameof(Protection.Id)] = id.ToString(),
            [nameof(IdempotencyKey.Fingerprint)] = key.Fingerprint,
        };

    public static (ProtectionId Id, string Fingerprint) Read(TableEntity row) =>
        (ProtectionId.Parse(row.Text(nameof(Protection.Id))), row.Text(nameof(IdempotencyKey.Fingerprint)));
}
