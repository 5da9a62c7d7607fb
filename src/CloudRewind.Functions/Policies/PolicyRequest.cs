using System.Collections.Frozen;
using System.Text.Json;
using System.Text.RegularExpressions;
using CloudRewind.Domain;
using CloudRewind.Domain.Policies;
using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace CloudRewind.Functions.Policies;

/// <summary>Reads the body that creates or replaces a policy. What each frequency needs is <see cref="Frequencies"/>'s.</summary>
internal static partial class PolicyRequest
{
    private const int MaxBytes = 16 * 1024;
    private const int MaxDescription = 1_000;
    private const string FrequencyType = "frequencyType";
    private const string Details = "frequencyDetails";

    private static readonly (string Member, string Hint) TimeHint =
        ("time", $"02:30 is \"{Details}\": {{\"hours\": [2], \"offset\": 30}}, where offset is in minutes");

    private static readonly FrozenDictionary<string, IsoDayOfWeek> DaysOfWeek =
        Enum.GetValues<IsoDayOfWeek>().Where(day => day != IsoDayOfWeek.None).ToFrozenDictionary(CalendarNames.Of, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, int> Months = Enumerable.Range(1, 12).ToFrozenDictionary(CalendarNames.OfMonth, StringComparer.Ordinal);

    /// <exception cref="ApiException">412: all that is wrong.</exception>
    public static async Task<PolicyDefinition> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var json = await JsonBody.ReadObjectAsync(request, MaxBytes, mayBeEmpty: false, cancellationToken);
        var errors = new FieldErrors();
        var definition = Read(json, errors);
        errors.ThrowIfAny();
        return definition!;
    }

    // Null where something is wrong, which is in the errors then.
    private static PolicyDefinition? Read(JsonElement json, FieldErrors errors)
    {
        var body = new JsonMembers(json, "", errors);
        var name = body.Text("name", Name(), "3 to 50 letters, digits and '-', of which the first is a letter");
        var description = body.Text("description", MaxDescription, required: false);
        var frequency = ReadFrequency(body);
        var zone = body.Text("timeZone", TimeZone(), "the name of a time zone in the tz database, such as 'Europe/Berlin' or 'UTC'");
        if (zone is not null && !ScheduleDefinition.IsTimeZone(zone))
        {
            body.AddError("timeZone", $"'{Excerpt.Of(zone)}' is not in the tz database; give the name of a zone, such as 'Europe/Berlin' or 'UTC'.");
            zone = null;
        }

        var details = body.Members(Details, required: frequency?.NeedsHours() ?? false);
        var count = body.Number("retentionCount", PolicyDefinition.MinRetentionCount, max: PolicyDefinition.MaxRetentionCount);
        var status = body.Choice<PolicyStatus>("status");
        body.RefuseOthers(TimeHint);
        if (frequency is null)
            return null; // which details belong here is not known
        var schedule = ReadDetails(details, new ScheduleDefinition(frequency.Value, zone ?? ""));
        return name is not null && zone is not null && count is not null && status is not null && schedule is not null
            ? new PolicyDefinition(name, description, schedule, (int)count.Value, status.Value)
            : null;
    }

    private static Frequency? ReadFrequency(JsonMembers body)
    {
        var known = string.Join(", ", WireName.All<Frequency>());
        if (body.Text(FrequencyType, FrequencyWord(), $"one of {known}") is not { } text)
            return null;
        if (WireName.TryParse<Frequency>(text, out var frequency))
            return frequency;
        body.AddError(
            FrequencyType,
            text == "custom"
                ? $"'custom' is not defined by this API; give one of {known}."
                : $"'{Excerpt.Of(text)}' is not a frequency; give one of {known}.");
        return null;
    }

    private static ScheduleDefinition? ReadDetails(JsonMembers? details, ScheduleDefinition schedule)
    {
        var frequency = schedule.Frequency;
        if (details is null)
            return frequency.NeedsHours() ? null : schedule;

        var name = frequency.ToWireName();
        var daysOfWeek = Needed("daysOfWeek", frequency.NeedsDaysOfWeek(), member => details.Choices(member, DaysOfWeek));
        var months = Needed("months", frequency.NeedsMonths(), member => details.Choices(member, Months));
        var daysOfMonth = Needed("daysOfMonth", frequency.NeedsDaysOfMonth(), member => details.Numbers(member, 1, 31));
        var hours = Needed("hours", frequency.NeedsHours(), member => details.Numbers(member, 0, 23));
        var hasOffset = details.Has("offset");
        var offset = details.Number("offset", 0, required: false, frequency.MaxOffsetMinutes());
        details.RefuseOthers(TimeHint);
        return daysOfWeek is null || months is null || daysOfMonth is null || hours is null || (hasOffset && offset is null)
            ? null
            : schedule with { DaysOfWeek = [.. daysOfWeek.Order()], Months = [.. months.Order()], DaysOfMonth = [.. daysOfMonth.Order()], Hours = [.. hours.Order()], OffsetMinutes = (int)(offset ?? 0) };

        List<T>? Needed<T>(string member, bool isNeeded, Func<string, List<T>?> read)
        {
            if (isNeeded)
                return read(member);
            if (!details.Has(member))
                return [];
            details.AddError(member, $"It has no meaning for '{name}'; leave it out.");
            return null;
        }
    }

    [GeneratedRegex(@"\A[a-zA-Z][a-zA-Z0-9-]{2,49}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"\A[a-z-]{1,50}\z", RegexOptions.CultureInvariant)]
    private static partial Regex FrequencyWord();

    [GeneratedRegex(@"\A[A-Za-z0-9_+/-]{1,100}\z", RegexOptions.CultureInvariant)]
    private static partial Regex TimeZone();
}
