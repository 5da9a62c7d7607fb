using System.Text.Json.Nodes;

namespace CloudRewind.EndToEnd.Tests.Support;

/// <summary>The body of a policy.</summary>
internal static class PolicyBody
{
    /// <summary>One that is good, and is not due before long.</summary>
    public static JsonObject Of(string name = "nightly", string status = "enabled") => new()
    {
        ["name"] = name,
        ["frequencyType"] = "yearly",
        ["frequencyDetails"] = new JsonObject
        {
            ["months"] = new JsonArray(DateTime.UtcNow.AddMonths(6).ToString("MMMM", System.Globalization.CultureInfo.InvariantCulture).ToUpperInvariant()),
            ["daysOfMonth"] = new JsonArray(1),
            ["hours"] = new JsonArray(2),
        },
        ["timeZone"] = "Europe/Berlin",
        ["retentionCount"] = 3,
        ["status"] = status,
    };

    /// <summary>One that is due at the next whole minute that is not too near, and then every quarter of an hour.</summary>
    public static JsonObject DueSoon(string name, out DateTimeOffset dueAt)
    {
        var now = DateTimeOffset.UtcNow.AddSeconds(10);
        dueAt = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, now.Minute, 0, TimeSpan.Zero).AddMinutes(1);
        return new JsonObject
        {
            ["name"] = name,
            ["frequencyType"] = "fifteen-minutes",
            ["frequencyDetails"] = new JsonObject { ["offset"] = dueAt.Minute % 15 },
            ["timeZone"] = "UTC",
            ["retentionCount"] = 3,
            ["status"] = "enabled",
        };
    }
}
