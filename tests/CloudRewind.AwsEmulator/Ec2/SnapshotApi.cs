using System.Globalization;
using System.Xml.Linq;
using CloudRewind.AwsEmulator.Protocol;

namespace CloudRewind.AwsEmulator.Ec2;

/// <summary>EC2's snapshots.</summary>
internal sealed class SnapshotApi(EmulatedAws aws, TimeProvider time)
{
    private const int MaxExcluded = 40;

    private readonly List<EmulatedSnapshot> all = [];

    public IReadOnlyList<EmulatedSnapshot> All => all;

    public XElement Describe(QueryRequest request, Authorizer authorizer)
    {
        var now = time.GetUtcNow();
        var filters = new Filters(request, "volume-id", "snapshot-id", "status", "description", "volume-size");
        var ids = request.List("SnapshotId").ToHashSet(StringComparer.Ordinal);
        foreach (var id in ids)
            Find(id, request.Region, authorizer.Account);
        if (request.List("Owner") is not ["self"])
            throw new AwsError("InvalidParameterValue", "Without an owner, every public snapshot would be described.");
        var found = all.Where(snapshot => IsIn(snapshot, request.Region, authorizer.Account) && (ids.Count == 0 || ids.Contains(snapshot.Id)))
            .Where(snapshot => filters.Pass(snapshot.Tags, name => name switch
            {
                "volume-id" => [snapshot.Volume.Id],
                "snapshot-id" => [snapshot.Id],
                "status" => [snapshot.StateAt(now)],
                "description" => [snapshot.Description],
                _ => [snapshot.Volume.SizeGiB.ToString(CultureInfo.InvariantCulture)],
            }))
            .Select(snapshot => new XElement("item", Show(snapshot, "status")));
        return Answers.OfEc2("DescribeSnapshots", request.Page("snapshotSet", "SnapshotId", [.. found], aws.Faults.PageSize));
    }

    public XElement CreateSet(QueryRequest request, Authorizer authorizer)
    {
        const string Specification = "InstanceSpecification";
        var id = request[$"{Specification}.InstanceId"];
        var instance = aws.Instances.Find(candidate => candidate.Id == id && candidate.Region == request.Region && candidate.State != "terminated")
            ?? throw new AwsError("InvalidInstanceID.NotFound", $"The instance ID '{id}' does not exist");
        var excluded = request.List($"{Specification}.ExcludeDataVolumeId");
        if (excluded.Count > MaxExcluded)
            throw new AwsError("InvalidParameterValue", $"The number of excluded data volumes exceeds the maximum of {MaxExcluded}.");
        if (excluded.Contains(instance.Volumes.FirstOrDefault()?.Id))
            throw new AwsError("InvalidParameterValue", "The boot volume is excluded by ExcludeBootVolume.");
        var volumes = instance.Volumes.Skip(request.Flag($"{Specification}.ExcludeBootVolume") ? 1 : 0).Where(volume => !excluded.Contains(volume.Id)).ToList();
        if (volumes.Count == 0)
            throw new AwsError("InvalidParameterCombination", "The instance has no volumes to snapshot.");

        var tags = RequestTags.ForSnapshots(request);
        authorizer.Demand("ec2:CreateSnapshots", authorizer.Instance(instance), authorizer.OfResource(instance.Tags));
        Authorize(request, authorizer, volumes, tags);
        authorizer.EndDryRun();
        RefuseUnready(volumes, instance);
        Limit(volumes);
        var now = time.GetUtcNow();
        var copies = request["CopyTagsFromSource"] == "volume";
        List<EmulatedSnapshot> made = [.. volumes.Select(volume => Make(request, authorizer.Account, volume, copies ? RequestTags.WithCopied(tags, volume.Tags) : new(tags), now))];
        foreach (var snapshot in made)
            snapshot.FailedAtOnce = volumes.Exists(volume => volume.FailsItsSet); // one that fails fails them all
        all.AddRange(made);
        return Answers.OfEc2("CreateSnapshots", Answers.Set("snapshotSet", made.Select(snapshot => new XElement("item", Show(snapshot, "state")))));
    }

    public XElement Create(QueryRequest request, Authorizer authorizer)
    {
        var volume = aws.Volumes.Find(candidate => candidate.Id == request["VolumeId"] && candidate.Region == request.Region)
            ?? throw new AwsError("InvalidVolume.NotFound", $"The volume '{request["VolumeId"]}' does not exist.");
        var tags = RequestTags.ForSnapshots(request);
        Authorize(request, authorizer, [volume], tags);
        authorizer.EndDryRun();
        RefuseUnready([volume]);
        Limit([volume]);
        var made = Make(request, authorizer.Account, volume, tags, time.GetUtcNow());
        all.Add(made);
        return Answers.OfEc2("CreateSnapshot", Show(made, "status"));
    }

    public XElement Delete(QueryRequest request, Authorizer authorizer)
    {
        var id = request["SnapshotId"] ?? throw new AwsError("MissingParameter", "The request must contain the parameter snapshotId");
        if (aws.Faults.DeniesWhatIsGone && !all.Exists(candidate => candidate.Id == id && IsIn(candidate, request.Region, authorizer.Account)))
            authorizer.Demand("ec2:DeleteSnapshot", authorizer.Snapshot(id));
        var snapshot = Find(id, request.Region, authorizer.Account);
        authorizer.Demand("ec2:DeleteSnapshot", authorizer.Snapshot(id), authorizer.OfResource(snapshot.Tags));
        authorizer.EndDryRun();
        if (snapshot.IsLocked)
            throw new AwsError("OperationNotPermitted", $"The snapshot {id} is locked and cannot be deleted.");
        if (snapshot.Image is { } image)
            throw new AwsError("InvalidSnapshot.InUse", $"The snapshot {id} is currently in use by {image}");
        all.Remove(snapshot);
        return Answers.OfEc2("DeleteSnapshot", new XElement("return", true));
    }

    /// <exception cref="AwsError">The account has no such snapshot in the region.</exception>
    public EmulatedSnapshot Find(string id, string region, string account) => all.Find(snapshot => snapshot.Id == id && IsIn(snapshot, region, account))
        ?? throw new AwsError("InvalidSnapshot.NotFound", $"The snapshot '{id}' does not exist.");

    private bool IsIn(EmulatedSnapshot snapshot, string region, string account) =>
        snapshot.Volume.Region == region && snapshot.Account == account && snapshot.StartedAt + aws.Faults.VisibleAfter <= time.GetUtcNow();

    private static void Authorize(QueryRequest request, Authorizer authorizer, List<EmulatedVolume> volumes, Dictionary<string, string> tags)
    {
        var action = $"ec2:{request.Action}";
        foreach (var volume in volumes)
            authorizer.Demand(action, authorizer.Volume(volume), authorizer.OfResource(volume.Tags));
        authorizer.Demand(action, authorizer.Snapshot("*"), authorizer.OfRequest(tags));
        if (tags.Count > 0)
            authorizer.Demand("ec2:CreateTags", authorizer.Snapshot("*"), [.. authorizer.OfRequest(tags), KeyValuePair.Create("ec2:CreateAction", request.Action)]);
    }

    private static void RefuseUnready(List<EmulatedVolume> volumes, EmulatedInstance? instance = null)
    {
        if (instance is { State: "pending" })
            throw new AwsError("IncorrectState", $"The instance '{instance.Id}' is not in a state from which a snapshot can be created.");
        if (volumes.Find(volume => volume.IsBeingCreated) is { } unready)
            throw new AwsError("IncorrectState", $"The volume '{unready.Id}' is in state 'creating'.");
    }

    private void Limit(List<EmulatedVolume> volumes)
    {
        var now = time.GetUtcNow();
        foreach (var volume in volumes)
        {
            var of = all.Where(snapshot => snapshot.Volume == volume).ToList();
            if (of.Exists(snapshot => snapshot.StartedAt + aws.Faults.PaceOfVolume > now))
                throw new AwsError("SnapshotCreationPerVolumeRateExceeded", $"The maximum per volume CreateSnapshot request rate has been exceeded. Use an increasing or variable sleep interval between requests.");
            if (of.Count(snapshot => snapshot.StateAt(now) == "pending") >= (volume.Type is "st1" or "sc1" ? 1 : aws.Faults.MostPendingOfVolume))
                throw new AwsError("ConcurrentSnapshotLimitExceeded", $"Maximum allowed in-progress snapshots for a single volume exceeded.");
        }

        if (all.Count(snapshot => snapshot.StateAt(now) == "pending") + volumes.Count > aws.Faults.MostPending)
            throw new AwsError("PendingSnapshotLimitExceeded", "Maximum number of pending snapshots reached for this account.");
    }

    private EmulatedSnapshot Make(QueryRequest request, string account, EmulatedVolume volume, Dictionary<string, string> tags, DateTimeOffset now) =>
        new(aws.NewId("snap"), account, volume, DescriptionOf(request), tags, now, now + aws.SnapshotTime) { FailedAtOnce = volume.FailsItsSet };

    private static string DescriptionOf(QueryRequest request) => request["Description"] is not { } text ? ""
        : text.Length <= 255 && text.All(char.IsAscii) ? text
        : throw new AwsError("InvalidParameterValue", $"Value ({text}) for parameter description is invalid. Character sets beyond ASCII are not supported.");

    private IEnumerable<object?> Show(EmulatedSnapshot snapshot, string stateName)
    {
        var now = time.GetUtcNow();
        return
        [
            new XElement("snapshotId", snapshot.Id),
            new XElement("volumeId", snapshot.Volume.Id),
            new XElement(stateName, snapshot.StateAt(now)),
            snapshot.MessageAt(now) is { } message ? new XElement("statusMessage", message) : null,
            new XElement("startTime", Answers.Time(snapshot.StartedAt)),
            new XElement("progress", snapshot.ProgressAt(now)),
            new XElement("ownerId", snapshot.Account),
            new XElement("volumeSize", snapshot.Volume.SizeGiB),
            new XElement("description", snapshot.Description),
            new XElement("encrypted", false),
            Answers.Tags(snapshot.Tags),
        ];
    }
}
