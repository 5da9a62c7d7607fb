using System.Xml.Linq;
using CloudRewind.AwsEmulator.Protocol;
using CloudRewind.AwsEmulator.Sts;

namespace CloudRewind.AwsEmulator.Ec2;

/// <summary>EC2: what it shows, and what it does with snapshots.</summary>
internal sealed class Ec2Api
{
    private static readonly Dictionary<string, string> NoTags = [];

    private static readonly Dictionary<string, int> StateCodes = new(StringComparer.Ordinal)
    {
        ["pending"] = 0,
        ["running"] = 16,
        ["shutting-down"] = 32,
        ["terminated"] = 48,
        ["stopping"] = 64,
        ["stopped"] = 80,
    };

    private readonly EmulatedAws aws;
    private readonly SnapshotApi snapshots;
    private readonly TagApi tags;

    public Ec2Api(EmulatedAws aws, TimeProvider time)
    {
        this.aws = aws;
        snapshots = new SnapshotApi(aws, time);
        tags = new TagApi(aws, snapshots);
    }

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
            "DescribeSnapshots" => snapshots.Describe(request, authorizer),
            "CreateSnapshots" => snapshots.CreateSet(request, authorizer),
            "CreateSnapshot" => snapshots.Create(request, authorizer),
            "DeleteSnapshot" => snapshots.Delete(request, authorizer),
            "CreateTags" => tags.Create(request, authorizer),
            _ => throw new AwsError("InvalidAction", $"The action {request.Action} is not valid for this web service."),
        };
    }

    private XElement Regions(QueryRequest request)
    {
        var filters = new Filters(request, "region-name");
        var names = request.List("RegionName");
        if (names.FirstOrDefault(name => !aws.Regions.ContainsKey(name)) is { } unknown)
            throw new AwsError("InvalidParameterValue", $"Invalid region name: {unknown}");
        var found = aws.Regions
            .Where(region => (region.Value || request.Flag("AllRegions")) && (names.Count == 0 || names.Contains(region.Key)))
            .Where(region => filters.Pass(NoTags, _ => [region.Key]))
            .Select(region => new XElement(
            "item",
            new XElement("regionName", region.Key),
            new XElement("regionEndpoint", $"ec2.{region.Key}.amazonaws.com"),
            new XElement("optInStatus", region.Value ? "opt-in-not-required" : "not-opted-in")));
        return Answers.OfEc2("DescribeRegions", Answers.Set("regionInfo", found));
    }

    private XElement Instances(QueryRequest request)
    {
        var filters = new Filters(request, "instance-id", "vpc-id", "instance-state-name", "instance-type");
        var listed = Listed(request, "InstanceId", aws.Instances.Where(instance => instance.Region == request.Region), instance => instance.Id, "InvalidInstanceID.NotFound", "The instance ID '{0}' does not exist");
        var found = listed.Where(instance => filters.Pass(instance.Tags, name => name switch
        {
            "instance-id" => [instance.Id],
            "vpc-id" => [instance.VpcId],
            "instance-state-name" => [instance.State],
            _ => [instance.Type],
        })).Select(instance => new XElement(
            "item",
            new XElement("reservationId", $"r-{instance.Id[2..]}"),
            new XElement("instancesSet", new XElement(
                "item",
                new XElement("instanceId", instance.Id),
                new XElement("instanceState", new XElement("code", StateCodes.GetValueOrDefault(instance.State)), new XElement("name", instance.State)),
                new XElement("instanceType", instance.Type),
                new XElement("vpcId", instance.VpcId),
                new XElement("rootDeviceName", instance.RootDevice),
                new XElement("rootDeviceType", "ebs"),
                Answers.Set("blockDeviceMapping", instance.Volumes.Select(volume => new XElement(
                    "item",
                    new XElement("deviceName", DeviceOf(volume, instance)),
                    new XElement("ebs", new XElement("volumeId", volume.Id), new XElement("status", "attached"))))),
                Answers.Tags(instance.Tags)))));
        return Answers.OfEc2("DescribeInstances", request.Page("reservationSet", "InstanceId", [.. found], aws.Faults.PageSize));
    }

    private XElement Volumes(QueryRequest request)
    {
        var filters = new Filters(request, "volume-id", "attachment.instance-id", "status", "volume-type");
        var listed = Listed(request, "VolumeId", aws.Volumes.Where(volume => volume.Region == request.Region), volume => volume.Id, "InvalidVolume.NotFound", "The volume '{0}' does not exist.");
        var found = listed.Where(volume => filters.Pass(volume.Tags, name => name switch
        {
            "volume-id" => [volume.Id],
            "attachment.instance-id" => volume.Attachments.Select(attachment => attachment.Instance.Id),
            "status" => [StatusOf(volume)],
            _ => [volume.Type],
        })).Select(volume => new XElement(
            "item",
            new XElement("volumeId", volume.Id),
            new XElement("size", volume.SizeGiB),
            new XElement("volumeType", volume.Type),
            new XElement("status", StatusOf(volume)),
            Answers.Set("attachmentSet", volume.Attachments.Select(attachment => new XElement(
                "item",
                new XElement("volumeId", volume.Id),
                new XElement("instanceId", attachment.Instance.Id),
                new XElement("device", attachment.Device),
                new XElement("status", "attached")))),
            Answers.Tags(volume.Tags)));
        return Answers.OfEc2("DescribeVolumes", request.Page("volumeSet", "VolumeId", [.. found], aws.Faults.PageSize));
    }

    private XElement InstanceTypes(QueryRequest request)
    {
        var filters = new Filters(request, "instance-type");
        var types = aws.Instances.Select(instance => instance.Type).Distinct(StringComparer.Ordinal);
        var found = Listed(request, "InstanceType", types, type => type, "InvalidInstanceType", "The following supplied instance types do not exist: [{0}]")
            .Where(type => filters.Pass(NoTags, _ => [type]))
            .Select(type => new XElement(
                "item",
                new XElement("instanceType", type),
                new XElement("instanceStorageSupported", aws.InstanceStores.ContainsKey(type)),
                aws.InstanceStores.TryGetValue(type, out var size) ? new XElement("instanceStorageInfo", new XElement("totalSizeInGB", size)) : null));
        return Answers.OfEc2("DescribeInstanceTypes", request.Page("instanceTypeSet", "InstanceType", [.. found], aws.Faults.PageSize, largest: 100));
    }

    // All of them, or those that the request lists: one that is not there fails the call as a whole.
    private static IReadOnlyList<T> Listed<T>(QueryRequest request, string parameter, IEnumerable<T> all, Func<T, string> idOf, string code, string message)
    {
        var ids = request.List(parameter).ToHashSet(StringComparer.Ordinal);
        var found = all.Where(one => ids.Count == 0 || ids.Contains(idOf(one))).ToList();
        ids.ExceptWith(found.Select(idOf));
        return ids.Count == 0 ? found : throw new AwsError(code, message.Replace("{0}", ids.First(), StringComparison.Ordinal));
    }

    private static string StatusOf(EmulatedVolume volume) => volume.IsBeingCreated ? "creating" : volume.Attachments.Count > 0 ? "in-use" : "available";

    private static string DeviceOf(EmulatedVolume volume, EmulatedInstance instance) => volume.Attachments.First(attachment => attachment.Instance == instance).Device;
}
