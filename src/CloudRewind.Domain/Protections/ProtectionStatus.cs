using System.Text.Json.Serialization;

namespace CloudRewind.Domain.Protections;

/// <summary>
/// The states of a protection, in the words of "Get AWS Protection Status". <see cref="Lifecycle.Transitions"/> lists the legal
/// transitions between them.
/// </summary>
[JsonConverter(typeof(WireNameConverter))]
public enum ProtectionStatus
{
    /// <summary>The protection was accepted; nothing has run yet.</summary>
    Created,

    /// <summary>Metadata and resources are being gathered.</summary>
    Preparing,

    /// <summary>The resources to capture are on record; none is being captured yet.</summary>
    PreparationCompleted,

    /// <summary>Resources are being captured.</summary>
    InProgress,

    /// <summary>The run is over: some resources were captured, some were not.</summary>
    PartiallyProtected,

    /// <summary>The run is over: every resource was captured.</summary>
    Success,

    /// <summary>The run is over: there was nothing to protect.</summary>
    Skipped,

    /// <summary>The run is over: nothing was captured.</summary>
    Failed,

    /// <summary>Some of the protection's data or metadata could not be removed yet; removal is tried again.</summary>
    PruningFailed,

    /// <summary>All data and metadata of the protection are gone.</summary>
    Elapsed,
}
