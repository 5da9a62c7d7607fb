namespace CloudRewind.Domain.Protections;

/// <summary>What asking something of a protection comes to: all of it is written, or nothing.</summary>
/// <param name="Result">Whether it is done.</param>
/// <param name="Protection">The protection as it stands then.</param>
/// <param name="Summary">What the protections of its assembly come to then, but for the newest good copy where this was it.</param>
/// <param name="Event">What goes on record; null where nothing does.</param>
public sealed record ProtectionAct(ActResult Result, Protection Protection, ProtectionSummary Summary, ProtectionEvent? Event = null)
{
    /// <summary>Whether the protection's removal is decided with it.</summary>
    public bool Releases => Event?.Kind == ProtectionEventKind.PruneRequested;
}
