using CloudRewind.Domain;
using CloudRewind.Domain.Changes;

namespace CloudRewind.Functions.Http;

/// <summary>A change of a cloud assembly or a protection policy, as the API shows it.</summary>
internal sealed record ChangeResponse(int Version, string Kind, DateTime At, ActorResponse? By, IReadOnlyList<ChangeResponse.ChangedField> Fields)
{
    /// <summary>How many changes an answer shows: the last ones.</summary>
    public const int Most = 100;

    /// <summary>The changes in their order.</summary>
    public static IReadOnlyList<ChangeResponse>? Of(IReadOnlyList<Change>? changes) => changes?.Select(change => new ChangeResponse(
        change.Version,
        change.Kind.ToWireName(),
        change.At.UtcDateTime,
        ActorResponse.Of(change.By),
        [.. change.Fields.Select(field => new ChangedField(field.Name, field.From, field.To))])).ToList();

    internal sealed record ChangedField(string Field, string? From, string? To);
}
