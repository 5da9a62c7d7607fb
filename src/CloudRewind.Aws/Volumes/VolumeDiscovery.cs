using Amazon.EC2;
using Amazon.EC2.Model;
using CloudRewind.Aws.Calls;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Aws.Volumes;

/// <summary>Finds the EBS volumes that an assembly's filter comes to.</summary>
internal sealed class VolumeDiscovery(Ec2Calls ec2, ILogger<VolumeDiscovery> log)
{
    private const int PageSize = 1_000;
    private const int PageOfTypes = 100; // EC2 refuses more
    private const int MaxExcluded = 40; // of InstanceSpecification.ExcludeDataVolumeIds
    private static readonly Filter Existing = Ec2Filters.Of("instance-state-name", "pending", "running", "stopping", "stopped");

    public async Task<Discovery> FindAsync(CaptureTarget target, ResourceFilter filter, CancellationToken cancellationToken)
    {
        var (instances, chosen) = await ChosenAsync(target, filter, cancellationToken);
        var attached = await VolumesAsync(target, Ec2Filters.InChunks("attachment.instance-id", instances.Select(instance => instance.InstanceId)).Select(filter => new List<Filter> { filter }), cancellationToken);
        var volumes = attached.Concat(chosen).DistinctBy(volume => volume.VolumeId, StringComparer.Ordinal).Where(volume => volume.State?.Value is not ("deleting" or "deleted" or "error")).ToList();
        return new Discovery(
            [.. VolumeGroups.Of(instances, volumes), .. MissingOf(filter, target.Location.Region, instances, volumes)],
            await LeftOutAsync(target, instances, cancellationToken));
    }

    /// <summary>Volumes as they stand.</summary>
    public async Task<IReadOnlyList<Volume>> ReadAsync(CaptureTarget target, IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        await VolumesAsync(target, Ec2Filters.InChunks("volume-id", ids).Select(filter => new List<Filter> { filter }), cancellationToken);

    /// <summary>
    /// Tells EC2 which volumes of an instance to capture. EC2 excludes at most 40 data volumes: of an instance with more to exclude, the others
    /// are captured, too, so that the selected ones still show one moment.
    /// </summary>
    /// <exception cref="CaptureRefusedException">The instance is gone.</exception>
    public async Task<InstanceSpecification> SelectAsync(CaptureTarget target, string instanceId, IReadOnlyList<string> selected, CancellationToken cancellationToken)
    {
        var instance = (await InstancesAsync(target, [[Ec2Filters.Of("instance-id", instanceId)]], cancellationToken)).FirstOrDefault()
            ?? throw new CaptureRefusedException($"Instance {instanceId} is gone.");
        var others = (instance.BlockDeviceMappings ?? []).Where(device => device.Ebs is not null && !selected.Contains(device.Ebs.VolumeId)).ToLookup(device => device.DeviceName == instance.RootDeviceName);
        return new InstanceSpecification
        {
            InstanceId = instanceId,
            ExcludeBootVolume = others[true].Any() ? true : null,
            ExcludeDataVolumeIds = [.. others[false].Select(device => device.Ebs.VolumeId).Take(MaxExcluded)],
        };
    }

    private async Task<(List<Instance> Instances, List<Volume> Volumes)> ChosenAsync(CaptureTarget target, ResourceFilter filter, CancellationToken cancellationToken)
    {
        switch (filter)
        {
            case ResourceFilter.Manual manual:
                return (
                    await ListedInstancesAsync(target, manual.Resources.Where(ResourceIds.IsInstance), cancellationToken),
                    await VolumesAsync(target, Ec2Filters.InChunks("volume-id", manual.Resources.Where(ResourceIds.IsVolume)).Select(filter => new List<Filter> { filter }), cancellationToken));
            case ResourceFilter.Vpc vpc:
                return (await InstancesAsync(target, [[Ec2Filters.Of("vpc-id", vpc.VpcId)]], cancellationToken), []);
            case ResourceFilter.Tags tags:
                return (await InstancesAsync(target, Ec2Filters.Of(tags), cancellationToken), await VolumesAsync(target, Ec2Filters.Of(tags), cancellationToken));
            default:
                throw new CaptureRefusedException($"Resources on AWS cannot be chosen by {filter.GetType().Name}.");
        }
    }

    // By their ids: while an Availability Zone is impaired, a call without ids fails as a whole. One with ids does where one does not exist.
    private async Task<List<Instance>> ListedInstancesAsync(CaptureTarget target, IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        var found = new List<Instance>();
        foreach (var chunk in ids.Distinct(StringComparer.Ordinal).Chunk(Ec2Filters.MaxValues))
        {
            try
            {
                var request = new DescribeInstancesRequest { InstanceIds = [.. chunk] };
                var answer = await ec2.RepeatableAsync(
                    target, "ec2:DescribeInstances", (client, token) => client.DescribeInstancesAsync(request, token), cancellationToken);
                found.AddRange(ExistingIn(answer));
            }
            catch (CaptureRefusedException error) when (error.InnerException is AmazonEC2Exception aws && !AwsErrors.IsDenied(aws))
            {
                found.AddRange(await InstancesAsync(target, [[Ec2Filters.Of("instance-id", chunk)]], cancellationToken));
            }
        }

        return [.. found.OrderBy(instance => instance.InstanceId, StringComparer.Ordinal)];
    }

    private async Task<List<Instance>> InstancesAsync(CaptureTarget target, IEnumerable<List<Filter>> queries, CancellationToken cancellationToken)
    {
        var found = new List<Instance>();
        foreach (var filters in queries)
        {
            for (string? next = null; ;)
            {
                var request = new DescribeInstancesRequest { Filters = [.. filters, Existing], MaxResults = PageSize, NextToken = next };
                var page = await ec2.RepeatableAsync(target, "ec2:DescribeInstances", (client, token) => client.DescribeInstancesAsync(request, token), cancellationToken);
                found.AddRange(ExistingIn(page));
                if (string.IsNullOrEmpty(next = page.NextToken))
                    break;
            }
        }

        return [.. found.DistinctBy(instance => instance.InstanceId, StringComparer.Ordinal).OrderBy(instance => instance.InstanceId, StringComparer.Ordinal)];
    }

    private static IEnumerable<Instance> ExistingIn(DescribeInstancesResponse answer) =>
        (answer.Reservations ?? []).SelectMany(reservation => reservation.Instances ?? [])
            .Where(instance => instance.State?.Name?.Value is not ("terminated" or "shutting-down"));

    private async Task<List<Volume>> VolumesAsync(CaptureTarget target, IEnumerable<List<Filter>> queries, CancellationToken cancellationToken)
    {
        var found = new List<Volume>();
        foreach (var filters in queries)
        {
            for (string? next = null; ;)
            {
                var request = new DescribeVolumesRequest { Filters = filters, MaxResults = PageSize, NextToken = next };
                var page = await ec2.RepeatableAsync(target, "ec2:DescribeVolumes", (client, token) => client.DescribeVolumesAsync(request, token), cancellationToken);
                found.AddRange(page.Volumes ?? []);
                if (string.IsNullOrEmpty(next = page.NextToken))
                    break;
            }
        }

        return found;
    }

    private static IEnumerable<DiscoveredResource> MissingOf(ResourceFilter filter, string region, List<Instance> instances, List<Volume> volumes)
    {
        if (filter is not ResourceFilter.Manual manual)
            yield break;
        var found = instances.Select(instance => instance.InstanceId).Concat(volumes.Select(volume => volume.VolumeId)).ToHashSet(StringComparer.Ordinal);
        foreach (var id in manual.Resources.Distinct(StringComparer.Ordinal).Where(id => !found.Contains(id)))
        {
            yield return ResourceIds.IsInstance(id) ? Missing(id, "ec2-instance", $"There is no such instance in {region}, or it is terminated.")
                : ResourceIds.IsVolume(id) ? Missing(id, "ebs-volume", $"There is no such volume in {region}, or it is being deleted.")
                : Missing(id, "unknown", $"It is {ResourceIds.FaultOf(id)}");
        }

        static DiscoveredResource Missing(string id, string type, string reason) => new(id, type, id, Failure: reason);
    }

    private async Task<IReadOnlyList<LeftOut>> LeftOutAsync(CaptureTarget target, List<Instance> instances, CancellationToken cancellationToken)
    {
        var stores = await InstanceStoresAsync(target, instances, cancellationToken);
        return
        [
            .. instances.Where(instance => !(instance.BlockDeviceMappings ?? []).Exists(device => device.Ebs is not null))
                .Select(instance => new LeftOut(instance.InstanceId, "ec2-instance", "It has no EBS volume.")),
            .. instances.Where(instance => instance.InstanceType is not null && stores.ContainsKey(instance.InstanceType.Value))
                .Select(instance => new LeftOut(
                    instance.InstanceId, "instance-store", $"The instance store of its type {instance.InstanceType.Value} ({stores[instance.InstanceType.Value]} GB) cannot be captured: its data ends when the instance stops.")),
        ];
    }

    // Only for what people are told: where it cannot be had, the protection goes on.
    private async Task<Dictionary<string, long>> InstanceStoresAsync(CaptureTarget target, List<Instance> instances, CancellationToken cancellationToken)
    {
        var stores = new Dictionary<string, long>(StringComparer.Ordinal);
        var types = instances.Select(instance => instance.InstanceType?.Value).OfType<string>().Distinct(StringComparer.Ordinal);
        try
        {
            foreach (var filter in Ec2Filters.InChunks("instance-type", types))
            {
                for (string? next = null; ;)
                {
                    var request = new DescribeInstanceTypesRequest { Filters = [filter], MaxResults = PageOfTypes, NextToken = next };
                    var page = await ec2.RepeatableAsync(target, "ec2:DescribeInstanceTypes", (client, token) => client.DescribeInstanceTypesAsync(request, token), cancellationToken);
                    foreach (var type in (page.InstanceTypes ?? []).Where(type => type.InstanceStorageSupported == true))
                        stores[type.InstanceType.Value] = type.InstanceStorageInfo?.TotalSizeInGB ?? 0;
                    if (string.IsNullOrEmpty(next = page.NextToken))
                        break;
                }
            }
        }
        catch (Exception error) when (error is CaptureRefusedException or RetryLaterException)
        {
            log.LogWarning(
                "Protection {ProtectionId}: whether its instances have an instance store is not known: {Reason}", target.Protection, error.Message);
        }

        return stores;
    }
}
