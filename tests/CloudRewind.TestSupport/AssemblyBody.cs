using System.Text.Json.Nodes;

namespace CloudRewind.TestSupport;

/// <summary>Bodies for PutAwsCloudAssembly.</summary>
public static class AssemblyBody
{
    /// <summary>A valid one, which a test may change.</summary>
    public static JsonObject Of(params string[] resources) => new()
    {
        ["name"] = "End to end",
        ["sourceRegion"] = "eu-central-1",
        ["cloudConnection"] = new JsonObject { ["roleArn"] = "arn:aws:iam::123456789012:role/cloud-rewind" },
        ["resourceFilterStrategy"] = new JsonObject { ["filterType"] = "manual", ["resources"] = new JsonArray([.. resources.Select(id => JsonValue.Create(id))]) },
        ["status"] = "enabled",
    };
}
