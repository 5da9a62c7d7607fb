using System.Globalization;

namespace CloudRewind.Functions.Telemetry;

/// <summary>A time as the API spells it, in UTC. Log messages and the fields of events show it so, where a <see cref="DateTimeOffset"/> would be in US order.</summary>
internal readonly record struct IsoTime(DateTimeOffset Time)
{
    public static implicit operator IsoTime(DateTimeOffset time) => new(time);

    /// <inheritdoc/>
    public override string ToString() => Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
