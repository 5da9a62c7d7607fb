using CloudRewind.Domain.Assemblies;

namespace CloudRewind.Domain.Capture;

/// <summary>Lists a protection's snapshots where they are on record.</summary>
internal static class SnapshotListing
{
    /// <summary>
    /// Lists the snapshots with the recorded connection. Where that is refused, the assembly's present connection is used if it leads to the
    /// same AWS account: a role may be replaced and deleted while copies are kept.
    /// </summary>
    /// <returns>The target, with the connection that worked, and its snapshots.</returns>
    public static async Task<(CaptureTarget Target, IReadOnlyList<Snapshot> Snapshots)> ListAsync(
        this ICaptureProvider provider, CaptureTarget target, CloudAssembly? assembly, CancellationToken cancellationToken)
    {
        try
        {
            return (target, await provider.ListAsync(target, cancellationToken));
        }
        catch (CaptureRefusedException refusal) when (OtherConnection(target.Location, assembly) is not null)
        {
            var other = target with { Location = target.Location with { Connection = OtherConnection(target.Location, assembly)! } };
            try
            {
                return (other, await provider.ListAsync(other, cancellationToken));
            }
            catch (CaptureRefusedException error)
            {
                throw new CaptureRefusedException(
                    $"{refusal.Message} The present connection of the cloud assembly is refused, too: {error.Message}", refusal);
            }
        }
    }

    private static CloudConnection? OtherConnection(SnapshotLocation recorded, CloudAssembly? assembly) =>
        assembly?.Definition.Connection is { } present && present != recorded.Connection && present.Account == recorded.Connection.Account
            ? present
            : null;
}
