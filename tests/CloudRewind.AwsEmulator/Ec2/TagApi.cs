using System.Xml.Linq;
using CloudRewind.AwsEmulator.Protocol;

namespace CloudRewind.AwsEmulator.Ec2;

/// <summary>EC2's tags of what is there already.</summary>
internal sealed class TagApi(EmulatedAws aws, SnapshotApi snapshots)
{
    public XElement Create(QueryRequest request, Authorizer authorizer)
    {
        var wanted = RequestTags.Of(request);
        List<(Dictionary<string, string> Old, Dictionary<string, string> New)> changes = [];
        foreach (var id in request.List("ResourceId"))
        {
            var (resource, tags) = Find(id, request.Region, authorizer);
            authorizer.Demand("ec2:CreateTags", resource, [.. authorizer.OfResource(tags), .. authorizer.OfRequest(wanted)]);
            var both = new Dictionary<string, string>(tags, StringComparer.Ordinal);
            foreach (var (key, value) in wanted)
                both[key] = value;
            changes.Add((tags, RequestTags.Limited(both)));
        }

        if (changes.Count == 0)
            throw new AwsError("MissingParameter", "The request must contain the parameter resourceIdSet");
        authorizer.EndDryRun();
        foreach (var (tags, both) in changes)
        {
            foreach (var (key, value) in both)
                tags[key] = value;
        }

        return Answers.OfEc2("CreateTags", new XElement("return", true));
    }

    private (string Resource, Dictionary<string, string> Tags) Find(string id, string region, Authorizer authorizer)
    {
        if (id.StartsWith("snap-", StringComparison.Ordinal))
        {
            var snapshot = snapshots.Find(id, region, authorizer.Account);
            return (authorizer.Snapshot(id), snapshot.Tags);
        }

        if (aws.Volumes.Find(candidate => candidate.Id == id && candidate.Region == region) is { } volume)
            return (authorizer.Volume(volume), volume.Tags);
        return aws.Instances.Find(candidate => candidate.Id == id && candidate.Region == region) is { } instance
            ? (authorizer.Instance(instance), instance.Tags)
            : throw new AwsError("InvalidID", $"The ID '{id}' is not valid");
    }
}
