using Azure.Data.Tables;
using CloudRewind.LocalRuntime.Durable.Storage;
using CloudRewind.LocalRuntime.Tests.Support;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;

namespace CloudRewind.LocalRuntime.Tests.Durable;

public sealed class ContinueAsNewTests
{
    [Fact]
    public async Task A_run_that_begins_anew_leaves_no_history()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        Assert.Equal("done", await app.OutputOf<string>("CountDown", 20, "count"));

        // The instance, and of its last run the start, the turns and the end.
        Assert.True(await RowsOf(app, "count") <= 5);
    }

    private static async Task<int> RowsOf(TestApp app, string id)
    {
        var tables = app.Services.GetRequiredService<HubTables>();
        return await tables.Instances.QueryAsync<TableEntity>(r => r.PartitionKey == id).CountAsync();
    }

    private static class Functions
    {
        [Function("CountDown")]
        public static async Task<string> CountDown([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            var left = context.GetInput<int>();
            await context.CallActivityAsync("Nothing", left);
            if (left == 0)
                return "done";
            context.ContinueAsNew(left - 1);
            return "again";
        }

        [Function("Nothing")]
        public static void Nothing([ActivityTrigger] int left) => _ = left;
    }
}
