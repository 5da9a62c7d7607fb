using System.Globalization;
using System.Text.Json;

namespace CloudRewind.Benchmarks.Support;

/// <summary>What the app answered.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body, read to its end.</param>
/// <param name="Tag">The entity tag; null where there is none.</param>
internal sealed record Answer(int Status, string Body, string? Tag)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>The sequence number that is the tag of a protection's status.</summary>
    public int Sequence => int.Parse(Tag!.Trim('"'), CultureInfo.InvariantCulture);

    /// <summary>The protection's status.</summary>
    public string ProtectionStatus => Json.GetProperty("status").GetString()!;

    /// <exception cref="InvalidOperationException">It is another one.</exception>
    public Answer Require(params int[] statuses) =>
        statuses.Contains(Status)
            ? this
            : throw new InvalidOperationException($"The app answered {Status} instead of {string.Join(" or ", statuses)}: {Body}");
}
