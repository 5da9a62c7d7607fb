using System.Globalization;
using Azure.Data.Tables;

namespace CloudRewind.Benchmarks.Support;

/// <summary>The layout of the app's table <c>Protections</c>, for projects whose id has no characters that a key may not have.</summary>
internal static class Layout
{
    public const string Protections = "Protections";

    public static string Partition(AssemblyAddress assembly) =>
        string.Create(CultureInfo.InvariantCulture, $"{assembly.AccountId}:{assembly.ProjectId}:{assembly.CloudAssemblyId}");

    /// <summary>The row of a protection that was created on request: the newest of an assembly is the first.</summary>
    public static string Row(long milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{long.MaxValue - milliseconds:D19}-0");

    /// <summary>The row of a protection.</summary>
    public static string Row(string protectionId) => Row(Milliseconds(protectionId));

    /// <summary>When it was created: the end of its id.</summary>
    public static long Milliseconds(string protectionId) => long.Parse(protectionId.AsSpan(protectionId.LastIndexOf(':') + 1), CultureInfo.InvariantCulture);

    /// <summary>When each transition of a protection was made, by its sequence number.</summary>
    public static async Task<Dictionary<int, DateTimeOffset>> TransitionsAsync(TableClient protections, AssemblyAddress assembly, string protectionId)
    {
        var prefix = $"transition:{Row(protectionId)}";
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition(assembly)} and RowKey ge {prefix + ":"} and RowKey lt {prefix + ";"}");
        var times = new Dictionary<int, DateTimeOffset>();
        await foreach (var row in protections.QueryAsync<TableEntity>(filter))
            times[row.GetInt32("Sequence")!.Value] = row.GetDateTimeOffset("At")!.Value;
        return times;
    }
}
