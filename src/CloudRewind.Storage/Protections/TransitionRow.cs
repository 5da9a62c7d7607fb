using Azure.Data.Tables;
using CloudRewind.Domain;
using CloudRewind.Domain.Protections;
using CloudRewind.Storage.Tables;

namespace CloudRewind.Storage.Protections;

/// <summary>A transition as a row of the table <c>Protections</c>; written once.</summary>
internal static class TransitionRow
{
    private const string ProtectionIdColumn = "ProtectionId";

    public static TableEntity Create(ProtectionTransition transition)
    {
        var row = new TableEntity(Keys.Protections.Partition(transition.Id.Assembly), Keys.Protections.Transition(transition.Id, transition.Sequence))
        {
            [ProtectionIdColumn] = transition.Id.ToString(),
            [nameof(ProtectionTransition.Sequence)] = transition.Sequence,
            [nameof(ProtectionTransition.To)] = transition.To.ToWireName(),
            [nameof(ProtectionTransition.At)] = transition.At,
            [nameof(ProtectionTransition.Reason)] = transition.Reason,
        };
        if (transition.From is { } from)
            row[nameof(ProtectionTransition.From)] = from.ToWireName();
        row.WriteJson(nameof(ProtectionTransition.By), transition.By);
        CountColumns.Write(row, transition.Counts);
        return row;
    }

    public static ProtectionTransition Read(TableEntity row) => new(
        ProtectionId.Parse(row.Text(ProtectionIdColumn)),
        row.Number(nameof(ProtectionTransition.Sequence)),
        row.GetString(nameof(ProtectionTransition.From)) is { } from ? WireName.Parse<ProtectionStatus>(from) : null,
        WireName.Parse<ProtectionStatus>(row.Text(nameof(ProtectionTransition.To))),
        row.Time(nameof(ProtectionTransition.At)),
        row.Text(nameof(ProtectionTransition.Reason)),
        CountColumns.Read(row),
        row.ReadJson<Actor>(nameof(ProtectionTransition.By)));
}
