using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.Runtime;
using CloudRewind.Aws.Access;
using CloudRewind.Aws.Calls;
using CloudRewind.Aws.Snapshots;
using CloudRewind.Aws.Volumes;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using Snapshot = CloudRewind.Domain.Capture.Snapshot;

namespace CloudRewind.Aws;

/// <summary>
/// Captures EBS volumes: crash-consistent snapshots, those of an instance's volumes all of one moment. What there is, EC2 knows: a snapshot is found by its tag.
/// </summary>
internal sealed class AwsCaptureProvider(Ec2Calls ec2, VolumeDiscovery volumes, PermissionCheck permissions, AwsOptions options, TimeProvider time) : ICaptureProvider
{
    private const int PageSize = 1_000;

    /// <inheritdoc/>
    public string Name => AwsServices.Key;

    /// <inheritdoc/>
    public TimeSpan SettleWindow => options.SettleWindow;

    /// <inheritdoc/>
    public string? FaultOf(string resourceId) => ResourceIds.FaultOf(resourceId);

    /// <inheritdoc/>
    public async Task CheckAsync(CaptureTarget target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        var region = target.Location.Region;
        // Asked in a region that is there: one that does not exist has no endpoint, and one that is not enabled takes no session.
        var home = AwsClients.HomeRegionOf(region);
        var first = options.ServiceUrl is null && !AwsErrors.IsKnownRegion(region) ? home : region;
        bool isEnabled;
        try
        {
            isEnabled = await IsEnabledAsync(target, first, cancellationToken);
        }
        catch (Exception error) when (error is CaptureRefusedException or RetryLaterException && error.InnerException is AmazonEC2Exception aws && !AwsErrors.IsAboutTheCaller(aws))
        {
            return; // an endpoint without this operation: whether there is anything in the region, the discovery finds out
        }
        catch (RetryLaterException error) when (first != home && error.InnerException is AmazonServiceException aws && AwsErrors.HasEnded(aws))
        {
            if (await IsEnabledAtHomeAsync())
                throw;
            isEnabled = false;
        }

        if (!isEnabled)
            throw new CaptureRefusedException(AwsErrors.NoSuchRegion(region));

        async Task<bool> IsEnabledAtHomeAsync()
        {
            try
            {
                return await IsEnabledAsync(target, home, cancellationToken);
            }
            catch (Exception error) when (error is CaptureRefusedException or RetryLaterException)
            {
                return true; // nothing is known: what the region itself said stays
            }
        }
    }

    /// <inheritdoc/>
    public Task<Discovery> DiscoverAsync(CaptureTarget target, ResourceFilter filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(filter);
        return volumes.FindAsync(target, filter, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<MissingPermission>> FindMissingPermissionsAsync(
        CaptureTarget target, IReadOnlyList<DiscoveredResource> resources, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(resources);
        return permissions.FindMissingAsync(target, resources, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Snapshot>> StartAsync(CaptureTarget target, IReadOnlyList<ProtectedResource> group, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(group);
        var source = options.CopyTagsFromSource ? await volumes.ReadAsync(target, [.. group.Select(resource => resource.ResourceId)], cancellationToken) : [];
        return VolumeGroups.InstanceOf(group[0].GroupId, out var isWhole) is { } instance
            ? await StartInstanceAsync(target, instance, isWhole ? null : [.. group.Select(resource => resource.ResourceId)], source, cancellationToken)
            : [await StartVolumeAsync(target, group[0].ResourceId, source, cancellationToken)];
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Snapshot>> ListAsync(CaptureTarget target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        return DescribeAsync(target, [Ec2Filters.Of($"tag:{SnapshotTags.Protection}", TagValue.Of(target.Protection.ToString()))], cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Snapshot>> FindAsync(CaptureTarget target, IReadOnlyCollection<string> snapshotIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        return DescribeAsync(target, Ec2Filters.InChunks("snapshot-id", snapshotIds), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<bool> RemoveAsync(CaptureTarget target, string snapshotId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        try
        {
            await ec2.RepeatableAsync(target, "ec2:DeleteSnapshot", (client, token) => client.DeleteSnapshotAsync(new DeleteSnapshotRequest(snapshotId), token), cancellationToken);
            return true;
        }
        catch (CaptureRefusedException error) when (error.InnerException is AmazonServiceException { ErrorCode: "InvalidSnapshot.NotFound" })
        {
            return false;
        }
        catch (CaptureRefusedException error) when (error.InnerException is AmazonServiceException aws && !AwsErrors.IsDenied(aws))
        {
            throw new CaptureRefusedException(WhatHolds.Describe(snapshotId, aws), error);
        }
        catch (CaptureRefusedException error)
        {
            // IAM decides by the tags of the snapshot, and one that is gone has none.
            if ((await FindAsync(target, [snapshotId], cancellationToken)).Count == 0)
                return false;
            throw new CaptureRefusedException($"snapshot {snapshotId} cannot be removed: {error.Message}", error);
        }
    }

    private async Task<IReadOnlyList<Snapshot>> DescribeAsync(CaptureTarget target, IEnumerable<Filter> filters, CancellationToken cancellationToken)
    {
        var found = new List<Snapshot>();
        foreach (var filter in filters)
        {
            for (string? next = null; ;)
            {
                var request = new DescribeSnapshotsRequest { OwnerIds = ["self"], Filters = [filter], MaxResults = PageSize, NextToken = next };
                var page = await ec2.RepeatableAsync(target, "ec2:DescribeSnapshots", (client, token) => client.DescribeSnapshotsAsync(request, token), cancellationToken);
                found.AddRange((page.Snapshots ?? []).Select(snapshot => snapshot.Read(time.GetUtcNow())));
                if (string.IsNullOrEmpty(next = page.NextToken))
                    break;
            }
        }

        return found;
    }

    private async Task<bool> IsEnabledAsync(CaptureTarget target, string askedIn, CancellationToken cancellationToken)
    {
        var region = target.Location.Region;
        var request = new DescribeRegionsRequest { AllRegions = true, Filters = [Ec2Filters.Of("region-name", region)] };
        var answer = await ec2.RepeatableAsync(target, "ec2:DescribeRegions", (client, token) => client.DescribeRegionsAsync(request, token), cancellationToken, askedIn);
        return (answer.Regions ?? []).Find(found => found.RegionName == region) is { OptInStatus: not "not-opted-in" };
    }

    private async Task<IReadOnlyList<Snapshot>> StartInstanceAsync(
        CaptureTarget target, string instance, IReadOnlyList<string>? selected, IReadOnlyList<Volume> source, CancellationToken cancellationToken)
    {
        var specification = selected is null
            ? new InstanceSpecification { InstanceId = instance }
            : await volumes.SelectAsync(target, instance, selected, cancellationToken);

        // EC2 copies all tags of each volume or none: none, where that would give a key twice or more tags than a snapshot may have.
        var copies = source.Count > 0 && source.All(volume =>
            (volume.Tags ?? []).Count + SnapshotTags.OwnTags <= SnapshotTags.MaxTags && (volume.Tags ?? []).TrueForAll(tag => !tag.Key.StartsWith(SnapshotTags.Prefix, StringComparison.Ordinal)));
        var request = new CreateSnapshotsRequest
        {
            InstanceSpecification = specification,
            Description = DescriptionOf(target, instance),
            TagSpecifications = [SnapshotTags.Of(target, instance)],
            CopyTagsFromSource = copies ? CopyTagsFromSource.Volume : null,
        };
        var answer = await ec2.OnceAsync(target, "ec2:CreateSnapshots", (client, token) => client.CreateSnapshotsAsync(request, token), cancellationToken);
        var now = time.GetUtcNow();
        var started = (answer.Snapshots ?? []).Select(snapshot => snapshot.Read(now)).ToList();
        if (selected is not null)
            await RemoveOthersAsync(target, started.Where(snapshot => !selected.Contains(snapshot.ResourceId)), cancellationToken);
        return started;
    }

    // Of volumes beyond EC2's limit on exclusions. A snapshot that cannot be removed yet goes with the protection, whose tag it carries.
    private async Task RemoveOthersAsync(CaptureTarget target, IEnumerable<Snapshot> others, CancellationToken cancellationToken)
    {
        foreach (var other in others)
        {
            try
            {
                await RemoveAsync(target, other.Id, cancellationToken);
            }
            catch (Exception error) when (error is CaptureRefusedException or RetryLaterException)
            {
                return;
            }
        }
    }

    private async Task<Snapshot> StartVolumeAsync(CaptureTarget target, string volume, IReadOnlyList<Volume> source, CancellationToken cancellationToken)
    {
        var request = new CreateSnapshotRequest
        {
            VolumeId = volume,
            Description = DescriptionOf(target, volume),
            TagSpecifications = [SnapshotTags.Of(target, volume, source.SelectMany(found => found.Tags ?? []))],
        };
        var answer = await ec2.OnceAsync(target, "ec2:CreateSnapshot", (client, token) => client.CreateSnapshotAsync(request, token), cancellationToken);
        return answer.Snapshot.Read(time.GetUtcNow());
    }

    // At most 255 ASCII characters; what does not fit is in the tags.
    private static string DescriptionOf(CaptureTarget target, string source)
    {
        var text = $"Cloud Rewind protection {TagValue.Of(target.Protection.ToString())} of {source}";
        return text.Length <= 255 ? text : text[..255];
    }
}
