using System.Text;
using System.Text.Json;
using CloudRewind.AwsEmulator.Protocol;
using CloudRewind.AwsEmulator.Sts;

namespace CloudRewind.AwsEmulator.Ec2;

/// <summary>Asks a caller's policy, for each resource that a call touches: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html.</summary>
internal sealed class Authorizer(QueryRequest request, EmulatedSession? caller)
{
    /// <summary>The AWS account of the caller.</summary>
    public string Account => caller?.Role.Account ?? EmulatedAws.Account;

    /// <param name="action">Such as <c>ec2:CreateSnapshot</c>.</param>
    /// <param name="resource">An ARN; <c>*</c> for what cannot be restricted to a resource.</param>
    /// <param name="context">The condition keys of this resource; a key with several values comes once for each.</param>
    /// <exception cref="AwsError">It is not allowed; the message is that of AWS, which names a resource, and encodes details, only for calls that can be restricted to one.</exception>
    public void Demand(string action, string resource, params IReadOnlyList<KeyValuePair<string, string>> context)
    {
        if (caller?.Role.Policy is not { } policy || policy.Allows(action, resource, context))
            return;
        var (on, encoded) = resource == "*" ? ("", "") : ($" on resource: {resource}", $". Encoded authorization failure message: {Encoded(action, resource)}");
        throw new AwsError(
            "UnauthorizedOperation",
            $"You are not authorized to perform this operation. User: {StsApi.ArnOf(caller)} is not authorized to perform: {action}{on} because no identity-based policy allows the {action} action{encoded}",
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

    /// <summary>The condition keys of a resource that is there.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> OfResource(IReadOnlyDictionary<string, string> tags) => [.. Keys("aws:ResourceTag/", tags), .. Keys("ec2:ResourceTag/", tags)];

    /// <summary>The condition keys of what the request sets.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> OfRequest(IReadOnlyDictionary<string, string> tags) =>
        [.. Keys("aws:RequestTag/", tags), .. tags.Keys.Select(key => KeyValuePair.Create("aws:TagKeys", key))];

    private static IEnumerable<KeyValuePair<string, string>> Keys(string prefix, IReadOnlyDictionary<string, string> tags) =>
        tags.Select(tag => KeyValuePair.Create(prefix + tag.Key, tag.Value));

    private static string Encoded(string action, string resource) =>
        Convert.ToHexString(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { allowed = false, context = new { action, resource } })));
}
