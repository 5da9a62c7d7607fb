using System.Text.Json.Nodes;
using CloudRewind.AwsEmulator;
using CloudRewind.AwsEmulator.Sts;

namespace CloudRewind.EndToEnd.Tests.Aws;

/// <summary>An app that captures on AWS, and the account that it captures from.</summary>
public sealed class AwsApp : OwnAppFixture
{
    public const string RoleArn = "arn:aws:iam::210987654321:role/cloud-rewind";
    public const string ExternalId = "a-secret-between-us";

    public EmulatedAws Aws { get; private set; } = null!;

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        if (Aws is not null)
            await Aws.DisposeAsync();
    }

    /// <summary>An assembly on AWS.</summary>
    internal static JsonObject Assembly(JsonObject filter, string region = "eu-central-1", string role = RoleArn, string? externalId = ExternalId)
    {
        var body = AssemblyBody.Of();
        body["sourceRegion"] = region;
        body["cloudConnection"] = new JsonObject { ["roleArn"] = role };
        if (externalId is not null)
            body["cloudConnection"]!["externalId"] = externalId;
        body["resourceFilterStrategy"] = filter;
        return body;
    }

    internal static JsonObject Manual(params IEnumerable<string> ids) =>
        new() { ["filterType"] = "manual", ["resources"] = new JsonArray([.. ids.Select(id => JsonValue.Create(id))]) };

    internal static JsonObject Tagged(string key, string value) => new()
    {
        ["filterType"] = "tags",
        ["conditions"] = "match-all-tags",
        ["tags"] = new JsonArray(new JsonObject { ["key"] = key, ["value"] = value }),
    };

    private protected override async Task<App> StartAsync()
    {
        Aws = await EmulatedAws.StartAsync();
        Aws.AddRole(new EmulatedRole(RoleArn, ExternalId));
        return await App.StartAsync(
            ("Capture__Provider", "Aws"),
            ("Aws__ServiceUrl", Aws.Url.AbsoluteUri),
            ("Aws__SettleWindow", "00:00:10"),
            ("AWS_ACCESS_KEY_ID", "AKIATEST"),
            ("AWS_SECRET_ACCESS_KEY", "of-no-use-anywhere"));
    }
}
