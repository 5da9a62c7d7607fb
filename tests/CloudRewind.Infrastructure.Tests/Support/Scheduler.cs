using System.Text.Json.Nodes;

namespace CloudRewind.Infrastructure.Tests.Support;

/// <summary>The Durable Task Scheduler in place of Azure Storage.</summary>
internal static class Scheduler
{
    /// <summary>The setting that tells where it is.</summary>
    public const string ConnectionName = "DURABLE_TASK_SCHEDULER_CONNECTION_STRING";

    /// <summary>Makes host.json ask for it, which is all that it takes.</summary>
    public static void InHostJson(Workspace workspace)
    {
        var host = JsonNode.Parse(File.ReadAllText(workspace.HostJson))!;
        host["extensions"]!["durableTask"]!["storageProvider"] = new JsonObject { ["type"] = "azureManaged", ["connectionStringName"] = ConnectionName };
        File.WriteAllText(workspace.HostJson, host.ToJsonString());
    }
}
