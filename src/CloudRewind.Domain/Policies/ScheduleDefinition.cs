using System.Globalization;
using System.Text.Json.Serialization;
using CloudRewind.Domain.Changes;
using NodaTime;

namespace CloudRewind.Domain.Policies;

/// <summary>When a policy's protections are due, as a person says it. Which of the details a frequency needs, <see cref="Frequencies"/> says; the others are empty.</summary>
/// <param name="Frequency">How often.</param>
/// <param name="TimeZone">The tz database name of the zone that all of it is meant in.</param>
public sealed record ScheduleDefinition(Frequency Frequency, string TimeZone)
{
    /// <summary>The days of the week, each once.</summary>
    public IReadOnlyList<IsoDayOfWeek> DaysOfWeek { get; init; } = [];

    /// <summary>The months, from 1 to 12, each once.</summary>
    public IReadOnlyList<int> Months { get; init; } = [];

    /// <summary>The days of the month, from 1 to 31, each once. One that a month does not have is its last day.</summary>
    public IReadOnlyList<int> DaysOfMonth { get; init; } = [];

    /// <summary>The hours of the day, from 0 to 23, each once.</summary>
    public IReadOnlyList<int> Hours { get; init; } = [];

    /// <summary>By how much each time is later than that, in minutes of the clock on the wall, from 0 to <see cref="Frequencies.MaxOffsetMinutes"/>.</summary>
    public int OffsetMinutes { get; init; }

    /// <summary>Whether the tz database of this version has the zone; a newer version, which has written the policy, may know more.</summary>
    [JsonIgnore]
    public bool IsTimeZoneKnown => IsTimeZone(TimeZone);

    /// <summary>Its fields, as the record of changes shows them.</summary>
    [JsonIgnore]
    public IReadOnlyList<Field> Fields =>
    [
        new("frequencyType", Frequency.ToWireName()),
        new("frequencyDetails.daysOfWeek", [.. DaysOfWeek.Select(day => day.ToString().ToUpperInvariant())]),
        new("frequencyDetails.months", [.. Months.Select(month => CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName(month).ToUpperInvariant())]),
        new("frequencyDetails.daysOfMonth", [.. DaysOfMonth.Select(Text)]),
        new("frequencyDetails.hours", [.. Hours.Select(Text)]),
        new("frequencyDetails.offset", Text(OffsetMinutes)),
        new("timeZone", TimeZone),
    ];

    /// <summary>Whether the tz database knows a zone of this name.</summary>
    public static bool IsTimeZone(string name) => DateTimeZoneProviders.Tzdb.Ids.Contains(name);

    /// <inheritdoc/>
    public bool Equals(ScheduleDefinition? other) =>
        other is not null
        && (Frequency, TimeZone, OffsetMinutes) == (other.Frequency, other.TimeZone, other.OffsetMinutes)
        && DaysOfWeek.SequenceEqual(other.DaysOfWeek)
        && Months.SequenceEqual(other.Months)
        && DaysOfMonth.SequenceEqual(other.DaysOfMonth)
        && Hours.SequenceEqual(other.Hours);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Frequency, TimeZone, OffsetMinutes, Hours.Count);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
