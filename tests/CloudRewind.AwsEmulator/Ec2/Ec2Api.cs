using System.Xml.Linq;
using CloudRewind.AwsEmulator.Protocol;
using CloudRewind.AwsEmulator.Sts;

namespace CloudRewind.AwsEmulator.Ec2;

/// <summary>EC2: what it shows, and what it does with snapshots.</summary>
internal sealed class Ec2Api(EmulatedAws aws, TimeProvider time)
{
    private readonly SnapshotApi snapshots = new(aws, time);

    public IReadOnlyList<EmulatedSnapshot> Snapshots => snapshots.All;

    public XElement Answer(QueryRequest request, EmulatedSession? caller)
    {
        var authorizer = new Authorizer(request, caller);
        if (request.Action != "DescribeRegions" && aws.Regions.GetValueOrDefault(request.Region) is not true)
            throw new AwsError("AuthFailure", "AWS was not able to validate the provided access credentials", 401);
        if (request.Action.StartsWith("Describe", StringComparison.Ordinal))
        {
            authorizer.Demand($"ec2:{request.Action}", "*");
            authorizer.EndDryRun();
        }

        return request.Action switch
        {
            "DescribeRegions" => Regions(request),
            "DescribeInstances" => Instances(request),
            "DescribeVolumes" => Volumes(request),
            "DescribeInstanceTypes" => InstanceTypes(request),
            "DescribeSnapshots" => snapshots.Describe(request),
            "CreateSnapshots" => snapshots.CreateSet(request, authorizer),
            "CreateSnapshot" => snapshots.Create(request, authorizer),
            "DeleteSnapshot" => snapshots.Delete(request, authorizer),
            _ => throw new AwsError("InvalidAction", $"The action {request.Action} is not valid for this web service."),
        };
    }

    private XElement Regions(QueryRequest request) => Answers.OfEc2("DescribeRegions", Answers.Set("regionInfo", aws.Regions
        .Where(region => region.Value || request.Flag("AllRegions"))
        .Where(region => request.Passes(new Dictionary<string, string>(), name => name == "region-name" ? [region.Key] : null))
        .Select(region => new XElement(
            "item",
            new XElement("regionName", region.Key),
            new XElement("regionEndpoint", $"ec2.{region.Key}.amazonaws.com"),
            new XElement("optInStatus", region.Value ? "opt-in-not-required" : "not-opted-in")))));

    private XElement Instances(QueryRequest request)
    {
        var found = aws.Instances.Where(instance => instance.Region == request.Region && request.Passes(instance.Tags, name => name switch
        {
            "instance-id" => [instance.Id],
            "vpc-id" => [instance.VpcId],
            "instance-state-name" => [instance.State],
            _ => null,
        })).Select(instance => new XElement(
            "item",
            new XElement("reservationId", $"r-{instance.Id[2..]}"),
            new XElement("instancesSet", new XElement(
                "item",
                new XElement("instanceId", instance.Id),
                new XElement("instanceState", new XElement("code", 16), new XElement("name", instance.State)),
                new XElement("instanceType", instance.Type),
                new XElement("vpcId", instance.VpcId),
                new XElement("rootDeviceName", instance.RootDevice),
                new XElement("rootDeviceType", "ebs"),
                Answers.Set("blockDeviceMapping", instance.Volumes.Select(volume => new XElement(
                    "item",
                    new XElement("deviceName", DeviceOf(volume, instance)),
                    new XElement("ebs", new XElement("volumeId", volume.Id), new XElement("status", "attached"))))),
                Answers.Tags(instance.Tags)))));
        return Answers.OfEc2("DescribeInstances", request.Page("reservationSet", [.. found], aws.Faults.PageSize));
    }

    private XElement Volumes(QueryRequest request)
    {
        var found = aws.Volumes.Where(volume => volume.Region == request.Region && request.Passes(volume.Tags, name => name switch
        {
            "volume-id" => [volume.Id],
            "attachment.instance-id" => volume.Attachments.Select(attachment => attachment.Instance.Id),
            _ => null,
        })).Select(volume => new XElement(
            "item",
            new XElement("volumeId", volume.Id),
            new XElement("size", volume.SizeGiB),
            new XElement("volumeType", volume.Type),
            new XElement("status", volume.Attachments.Count > 0 ? "in-use" : "available"),
            Answers.Set("attachmentSet", volume.Attachments.Select(attachment => new XElement(
                "item",
                new XElement("volumeId", volume.Id),
                new XElement("instanceId", attachment.Instance.Id),
                new XElement("device", attachment.Device),
                new XElement("status", "attached")))),
            Answers.Tags(volume.Tags)));
        return Answers.OfEc2("DescribeVolumes", request.Page("volumeSet", [.. found], aws.Faults.PageSize));
    }

    private XElement InstanceTypes(QueryRequest request)
    {
        var found = aws.Instances.Select(instance => instance.Type).Distinct(StringComparer.Ordinal)
            .Where(type => request.Passes(new Dictionary<string, string>(), name => name == "instance-type" ? [type] : null))
            .Select(type => new XElement(
                "item",
                new XElement("instanceType", type),
                new XElement("instanceStorageSupported", aws.InstanceStores.ContainsKey(type)),
                aws.InstanceStores.TryGetValue(type, out var size) ? new XElement("instanceStorageInfo", new XElement("totalSizeInGB", size)) : null));
        return Answers.OfEc2("DescribeInstanceTypes", request.Page("instanceTypeSet", [.. found], aws.Faults.PageSize, largest: 100));
    }

    private static string DeviceOf(EmulatedVolume volume, EmulatedInstance instance) => volume.Attachments.First(attachment => attachment.Instance == instance).Device;
}
