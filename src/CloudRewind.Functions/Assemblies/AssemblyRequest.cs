using System.Text.Json;
using System.Text.RegularExpressions;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Functions.Http;
using CloudRewind.Functions.Settings;
using Microsoft.AspNetCore.Http;

namespace CloudRewind.Functions.Assemblies;

/// <summary>Reads the body of PutAwsCloudAssembly. The limits on tags, ids and ARNs are those of AWS.</summary>
internal static partial class AssemblyRequest
{
    private const int MaxBytes = 256 * 1024; // as UTF-16 without escapes, within the 1 MiB of one table row; the store refuses more
    private const int MaxName = 256;
    private const int MaxDescription = 1_024;
    private const int MaxResources = 5_000;
    private const int MaxResource = 2_048;
    private const int MaxTags = 50;

    /// <exception cref="ApiException">412: all that is wrong.</exception>
    public static async Task<AssemblyDefinition> ReadAsync(HttpRequest request, ICaptureProvider provider, CancellationToken cancellationToken)
    {
        var json = await JsonBody.ReadObjectAsync(request, MaxBytes, mayBeEmpty: false, cancellationToken);
        var errors = new FieldErrors();
        var definition = Read(json, provider, errors);
        errors.ThrowIfAny();
        return definition!;
    }

    // Null where something is wrong, which is in the errors then.
    private static AssemblyDefinition? Read(JsonElement json, ICaptureProvider provider, FieldErrors errors)
    {
        var body = new JsonMembers(json, "", errors);
        var name = body.Text("name", MaxName);
        var description = body.Text("description", MaxDescription, required: false);
        var region = body.Text("sourceRegion", Region(), "the name of an AWS region, such as 'eu-central-1'");
        var connection = body.Members("cloudConnection") is { } members ? ReadConnection(members) : null;
        var filter = body.Members("resourceFilterStrategy") is { } strategy ? ReadFilter(strategy, provider) : null;
        var retention = body.Duration("retention", RetentionOptions.Min, RetentionOptions.Max);
        var status = body.Choice("status", required: true, AssemblyStatus.Enabled, AssemblyStatus.Disabled);
        body.RefuseOthers();
        if (connection is not null && region is not null && !connection.CanReach(region))
        {
            body.AddError(
                "cloudConnection.roleArn",
                $"The role is not in partition '{AwsPartition.OfRegion(region).Name}', in which region '{region}' is: its ARN must begin with 'arn:{AwsPartition.OfRegion(region).Name}:'.");
        }

        return name is not null && region is not null && connection is not null && filter is not null && status is not null
            ? new AssemblyDefinition(name, description, region, connection, filter, retention, status.Value)
            : null;
    }

    private static CloudConnection? ReadConnection(JsonMembers body)
    {
        var role = body.Text("roleArn", RoleArn(), "the ARN of an IAM role, such as 'arn:aws:iam::123456789012:role/cloud-rewind'");
        var externalId = body.Text("externalId", ExternalId(), "an external id of 2 to 1224 letters, digits and + = , . @ : / _ -", required: false);
        body.RefuseOthers();
        return role is null ? null : new CloudConnection(role, externalId);
    }

    private static ResourceFilter? ReadFilter(JsonMembers body, ICaptureProvider provider)
    {
        ResourceFilter? filter = null;
        switch (body.Choice<FilterType>("filterType"))
        {
            case FilterType.Manual:
                if (body.ArrayOfTexts("resources", MaxResources, MaxResource) is { } resources)
                {
                    if (resources.Find(id => provider.FaultOf(id) is not null) is { } wrong)
                        body.AddError("resources", $"'{Excerpt.Of(wrong)}' is {provider.FaultOf(wrong)}");
                    filter = new ResourceFilter.Manual(resources);
                }

                break;
            case FilterType.Vpc:
                if (body.Text("vpcId", VpcId(), "the id of a VPC, such as 'vpc-0a1b2c3d4e5f60718'") is { } vpcId)
                    filter = new ResourceFilter.Vpc(vpcId);
                break;
            case FilterType.Tags:
                var tags = ReadTags(body);
                var condition = body.Choice<TagCondition>("conditions", required: false) ?? TagCondition.MatchAllTags;
                if (tags is not null)
                    filter = new ResourceFilter.Tags(tags, condition == TagCondition.MatchAllTags);
                break;
            default:
                return null; // which members belong here is not known
        }

        body.RefuseOthers();
        return filter;
    }

    private static List<ResourceTag>? ReadTags(JsonMembers body)
    {
        if (body.ArrayOfMembers("tags", MaxTags) is not { } entries)
            return null;
        if (entries.Count == 0)
        {
            body.AddError("tags", "It must have at least one entry.");
            return null;
        }

        List<ResourceTag> tags = [];
        foreach (var entry in entries)
        {
            var key = entry.Text("key", TagKey(), "a string of 1 to 128 characters that is not blank and has no '*' or '?': keys are compared as they are");
            var value = entry.Text("value", TagValue(), "a string of at most 256 characters");
            entry.RefuseOthers();
            if (key is not null && value is not null)
                tags.Add(new ResourceTag(key, value));
        }

        return tags;
    }

    [GeneratedRegex(@"\A[a-z]{2,8}(-[a-z]{2,16}){1,3}-[0-9]{1,2}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Region();

    [GeneratedRegex(@"\Aarn:aws(-[a-z]{1,8}){0,3}:iam::[0-9]{12}:role/[\x21-\x7E]{1,576}\z", RegexOptions.CultureInvariant)]
    private static partial Regex RoleArn();

    [GeneratedRegex(@"\A[A-Za-z0-9_+=,.@:/-]{2,1224}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ExternalId();

    [GeneratedRegex(@"\Avpc-[0-9a-f]{8}([0-9a-f]{9})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex VpcId();

    [GeneratedRegex(@"\A(?=.*\S)[^*?]{1,128}\z", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex TagKey();

    [GeneratedRegex(@"\A(?s:.{0,256})\z", RegexOptions.CultureInvariant)]
    private static partial Regex TagValue();
}
