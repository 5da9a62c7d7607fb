using System.Globalization;
using System.Text.Json.Nodes;
using CloudRewind.AwsEmulator;
using CloudRewind.TestSupport;

namespace CloudRewind.Chaos;

/// <summary>The accounts and regions in which resources are protected, and definitions of assemblies in each of them.</summary>
internal static class AwsPlaces
{
    private const int MostVolumes = 3;

    public static IReadOnlyList<string> Regions { get; } = ["eu-central-1", "us-east-1"];

    /// <summary>A role of each account.</summary>
    public static IReadOnlyList<string> Roles { get; } =
        ["arn:aws:iam::210987654321:role/cloud-rewind", "arn:aws:iam::310987654321:role/cloud-rewind"];

    /// <summary>One definition for each account and region: of volumes that are listed, or of an instance that a tag selects.</summary>
    public static IReadOnlyList<JsonObject> Define(EmulatedAws aws, Random dice) =>
    [
        .. from role in Roles
           from region in Regions
           select Define(aws, role, region, dice),
    ];

    private static JsonObject Define(EmulatedAws aws, string role, string region, Random dice)
    {
        var volumes = 1 + dice.Next(MostVolumes);
        JsonObject body;
        if (dice.Next(3) == 0)
        {
            var tag = string.Create(CultureInfo.InvariantCulture, $"assembly-{dice.Next()}");
            aws.AddInstance(Enumerable.Repeat(8, volumes), new Dictionary<string, string> { ["chaos"] = tag }, region);
            body = AssemblyBody.Of();
            body["resourceFilterStrategy"] = new JsonObject
            {
                ["filterType"] = "tags",
                ["tags"] = new JsonArray(new JsonObject { ["key"] = "chaos", ["value"] = tag }),
            };
        }
        else
        {
            body = AssemblyBody.Of([.. Enumerable.Range(0, volumes).Select(_ => aws.AddVolume(region: region).Id)]);
        }

        body["sourceRegion"] = region;
        body["cloudConnection"] = new JsonObject { ["roleArn"] = role };
        return body;
    }
}
