using System.Text;
using System.Text.Json;
using CloudRewind.AwsEmulator.Protocol;
using CloudRewind.AwsEmulator.Sts;

namespace CloudRewind.AwsEmulator.Ec2;

/// <summary>Asks a caller's policy, for each resource that a call touches: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html.</summary>
internal sealed class Authorizer(QueryRequest request, EmulatedSession? caller)
{
    public void Demand(string action, string resource, IEnumerable<KeyValuePair<string, string>>? context = null)
    {
        if (caller?.Role.Policy is not { } policy || policy.Allows(action, resource, new Dictionary<string, string>(context ?? [])))
            return;
        var decoded = JsonSerializer.Serialize(new { allowed = false, context = new { action, resource } });
        throw new AwsError(
            "UnauthorizedOperation",
            $"You are not authorized to perform this operation. User: {StsApi.ArnOf(caller)} is not authorized to perform: {action} on resource: {resource} because no identity-based policy allows "
            + $"the {action} action. Encoded authorization failure message: {Convert.ToHexString(Encoding.UTF8.GetBytes(decoded))}",
            403);
    }

    /// <summary>Ends a call that was only to say whether it is allowed.</summary>
    public void EndDryRun()
    {
        if (request.Flag("DryRun"))
            throw new AwsError("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412);
    }

    public string Volume(EmulatedVolume volume) => $"arn:aws:ec2:{volume.Region}:{EmulatedAws.Account}:volume/{volume.Id}";

    public string Instance(EmulatedInstance instance) => $"arn:aws:ec2:{instance.Region}:{EmulatedAws.Account}:instance/{instance.Id}";

    public string Snapshot(string id) => $"arn:aws:ec2:{request.Region}::snapshot/{id}";
}
