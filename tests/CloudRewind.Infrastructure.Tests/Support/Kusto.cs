using System.Text.Json;
using CloudRewind.TestSupport;

namespace CloudRewind.Infrastructure.Tests.Support;

/// <summary>Reads queries with Microsoft's own parser, against the tables of a workspace.</summary>
internal static class Kusto
{
    /// <param name="queries">Queries by names.</param>
    /// <returns>What is wrong with each, and the columns that it gives.</returns>
    public static async Task<IReadOnlyDictionary<string, KustoAnswer>> AnalyzeAsync(IReadOnlyDictionary<string, string> queries)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(queries));
            var run = await NodeTools.RunAsync("check-kql.mjs", file);
            Assert.True(run.ExitCode == 0, run.Errors);
            return JsonSerializer.Deserialize<Dictionary<string, KustoAnswer>>(run.Output, JsonSerializerOptions.Web)!;
        }
        finally
        {
            File.Delete(file);
        }
    }
}

/// <summary>What the parser says of a query.</summary>
/// <param name="Errors">What is wrong with it.</param>
/// <param name="Columns">The columns that it gives.</param>
internal sealed record KustoAnswer(string[] Errors, string[] Columns);
