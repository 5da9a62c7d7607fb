namespace CloudRewind.Domain;

/// <summary>Who did something: a caller by what its token says, or a part of the app by its name. Nothing else of a token is ever kept.</summary>
/// <param name="Name">A caller's <c>sub</c>, or one of the names below; at most <see cref="ReasonText.MaxLength"/> characters.</param>
/// <param name="TokenId">The token's <c>jti</c>; null for a part of the app, which has none, so that no caller can pass for one.</param>
/// <param name="CorrelationId">What ties it to the log: of the request, or of the look.</param>
public sealed record Actor(string Name, string? TokenId, string CorrelationId)
{
    /// <summary>Who it was; at most <see cref="ReasonText.MaxLength"/> characters.</summary>
    public string Name { get; init => field = ReasonText.Cut(value); } = ReasonText.Cut(Name);

    /// <summary>What starts protections when their policies say so.</summary>
    public static Actor Scheduler(string correlationId) => new("scheduler", null, correlationId);

    /// <summary>What starts again what nothing drives.</summary>
    public static Actor Watchdog(string correlationId) => new("watchdog", null, correlationId);

    /// <summary>The rules that end retention, by time or by count.</summary>
    public static Actor Retention(string correlationId) => new("retention", null, correlationId);
}
