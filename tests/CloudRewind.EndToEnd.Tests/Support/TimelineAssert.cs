using System.Globalization;

namespace CloudRewind.EndToEnd.Tests.Support;

/// <summary>What must hold of a protection's way through its lifecycle.</summary>
internal static class TimelineAssert
{
    /// <summary>The way of a run that captures something.</summary>
    public static readonly string[] Captured = ["created", "preparing", "preparation-completed", "in-progress"];

    /// <summary>What was seen came in the order of the way, each with its number, and nothing came back.</summary>
    public static void FollowsInOrder(this IReadOnlyList<SeenStatus> seen, params string[] way)
    {
        Assert.All(seen, status => Assert.Equal(way[status.Sequence], status.Status));
        Assert.Equal(seen.Select(status => status.Sequence).Distinct().Order(), seen.Select(status => status.Sequence));
    }

    /// <summary>The table has each step of the way once, without a gap, and the protection stands where they end.</summary>
    public static async Task HasTimelineAsync(this Tables tables, string id, params string[] way)
    {
        var transitions = await tables.TransitionsAsync(id);
        Assert.Equal(way, transitions.Select(row => row.GetString("To")));
        Assert.Equal(["", .. way[..^1]], transitions.Select(row => row.GetString("From") ?? ""));
        Assert.All(transitions, row => Assert.Contains(row.GetString("To"), SpecifiedLifecycle.Next[row.GetString("From") ?? ""]));

        Assert.Equal(Enumerable.Range(0, way.Length), transitions.Select(row => row.GetInt32("Sequence")!.Value));
        Assert.Equal(
            Enumerable.Range(0, way.Length).Select(sequence => sequence.ToString("D10", CultureInfo.InvariantCulture)),
            transitions.Select(row => row.RowKey.Split(':')[^1]));
        var times = transitions.Select(row => row.GetDateTimeOffset("At")!.Value).ToArray();
        Assert.Equal(times.Order(), times);

        var protection = await tables.ProtectionAsync(id);
        Assert.Equal((way[^1], way.Length - 1), (protection.GetString("Status"), protection.GetInt32("Sequence")!.Value));
    }
}
