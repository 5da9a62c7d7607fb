using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.Runtime;
using CloudRewind.Aws.Calls;
using CloudRewind.Aws.Snapshots;
using CloudRewind.Aws.Volumes;
using CloudRewind.Domain.Capture;

namespace CloudRewind.Aws;

/// <summary>Tries what a protection would do, by EC2's <c>DryRun</c>: it says whether the call is allowed, and does nothing.</summary>
internal sealed class PermissionCheck(Ec2Calls ec2, VolumeDiscovery volumes)
{
    public async Task<IReadOnlyList<MissingPermission>> FindMissingAsync(CaptureTarget target, IReadOnlyList<DiscoveredResource> resources, CancellationToken cancellationToken)
    {
        var missing = new List<MissingPermission>();
        var groups = resources.Where(resource => resource.Failure is null).ToLookup(resource => VolumeGroups.InstanceOf(resource.GroupId, out _) is not null);
        if (groups[true].FirstOrDefault() is { } first)
        {
            var instance = VolumeGroups.InstanceOf(first.GroupId, out var isWhole)!;
            var group = groups[true].Where(resource => resource.GroupId == first.GroupId).Select(resource => resource.ResourceId).ToList();
            var specification = isWhole ? new() { InstanceId = instance } : await volumes.SelectAsync(target, instance, group, cancellationToken);
            await TryAsync("ec2:CreateSnapshots", async (client, token) =>
            {
                var answer = await client.CreateSnapshotsAsync(
                    new CreateSnapshotsRequest
                    {
                        DryRun = true,
                        InstanceSpecification = specification,
                        TagSpecifications = [SnapshotTags.Of(target, instance)],
                    },
                    token);
                return (answer.Snapshots ?? []).Select(snapshot => snapshot.SnapshotId);
            });
        }

        if (groups[false].FirstOrDefault() is { } lone)
        {
            await TryAsync("ec2:CreateSnapshot", async (client, token) =>
            {
                var answer = await client.CreateSnapshotAsync(
                    new CreateSnapshotRequest { DryRun = true, VolumeId = lone.ResourceId, TagSpecifications = [SnapshotTags.Of(target, lone.ResourceId)] }, token);
                return [answer.Snapshot.SnapshotId];
            });
        }

        await TryAsync("ec2:DescribeSnapshots", async (client, token) =>
        {
            await client.DescribeSnapshotsAsync(new DescribeSnapshotsRequest { DryRun = true, OwnerIds = ["self"] }, token);
            return [];
        });
        if (await FindOwnSnapshotAsync(target, cancellationToken) is { } own)
        {
            await TryAsync("ec2:DeleteSnapshot", async (client, token) =>
            {
                await client.DeleteSnapshotAsync(new DeleteSnapshotRequest { DryRun = true, SnapshotId = own }, token);
                return [];
            });
        }

        return missing;

        async Task TryAsync(string action, Func<AmazonEC2Client, CancellationToken, Task<IEnumerable<string>>> call)
        {
            try
            {
                // An endpoint that does not know DryRun has done it.
                foreach (var created in await ec2.OnceAsync(target, action, call, cancellationToken))
                    await ec2.RepeatableAsync(target, "ec2:DeleteSnapshot", (client, token) => client.DeleteSnapshotAsync(new DeleteSnapshotRequest(created), token), cancellationToken);
            }
            catch (CaptureRefusedException error) when (error.InnerException is AmazonServiceException aws)
            {
                // DryRunOperation says that it is allowed; anything else, such as a volume that has gone meanwhile, says nothing of permissions.
                if (AwsErrors.IsDenied(aws))
                    missing.Add(new MissingPermission(AwsMessage.ActionOf(aws) ?? action, error.Message));
            }
        }
    }

    // Whether it may be removed, only a snapshot of an earlier protection can tell: IAM judges by its tags.
    private async Task<string?> FindOwnSnapshotAsync(CaptureTarget target, CancellationToken cancellationToken)
    {
        try
        {
            for (string? next = null; ;)
            {
                var request = new DescribeSnapshotsRequest
                {
                    OwnerIds = ["self"],
                    Filters = [Ec2Filters.Of("tag-key", SnapshotTags.Protection)],
                    MaxResults = 5,
                    NextToken = next,
                };
                var page = await ec2.RepeatableAsync(
                    target, "ec2:DescribeSnapshots", (client, token) => client.DescribeSnapshotsAsync(request, token), cancellationToken);
                if ((page.Snapshots ?? []).FirstOrDefault()?.SnapshotId is { } own)
                    return own;
                if (string.IsNullOrEmpty(next = page.NextToken))
                    return null;
            }
        }
        catch (CaptureRefusedException)
        {
            return null; // named already
        }
    }
}
