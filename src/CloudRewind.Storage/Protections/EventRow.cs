using Azure.Data.Tables;
using CloudRewind.Domain;
using CloudRewind.Domain.Protections;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Protections;

/// <summary>An event of a protection as a row of the table <c>Protections</c>; written once.</summary>
internal static class EventRow
{
    private const string ProtectionIdColumn = "ProtectionId";

    public static TableEntity Create(ProtectionEvent happened)
    {
        var row = new TableEntity(Keys.Protections.Partition(happened.Id.Assembly), Keys.Protections.Event(happened.Id, happened.Number))
        {
            [ProtectionIdColumn] = happened.Id.ToString(),
            [nameof(ProtectionEvent.Number)] = happened.Number,
            [nameof(ProtectionEvent.Kind)] = happened.Kind.ToString(),
            [nameof(ProtectionEvent.At)] = happened.At,
            [nameof(ProtectionEvent.Reason)] = happened.Reason,
        };
        row.WriteJson(nameof(ProtectionEvent.By), happened.By);
        return row;
    }

    public static ProtectionEvent Read(TableEntity row) => new(
        ProtectionId.Parse(row.Text(ProtectionIdColumn)),
        row.Number(nameof(ProtectionEvent.Number)),
        Enum.Parse<ProtectionEventKind>(row.Text(nameof(ProtectionEvent.Kind))),
        row.Time(nameof(ProtectionEvent.At)),
        row.Text(nameof(ProtectionEvent.Reason)),
        row.ReadJson<Actor>(nameof(ProtectionEvent.By))!);
}
