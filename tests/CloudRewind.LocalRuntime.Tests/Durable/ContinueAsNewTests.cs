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
    public async Task The_next_run_has_the_new_input_and_no_history()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        var end = await app.RunAsync("CountDown", 20, "count");
        Assert.Equal("done", TestApp.Output<string>(end));
        Assert.Equal("0", end.SerializedInput);

        // The instance, and of its last run the start, the turns and the end.
        Assert.True(await RowsOf(app, "count") <= 5);
    }

    [Fact]
    public async Task The_custom_status_is_reset()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        var id = await app.ScheduleAsync("Status", true);
        await app.UntilAsync(id, m => m.SerializedInput == "false" && m.IsRunning);
        Assert.Null((await app.UntilAsync(id, m => m.SerializedCustomStatus is null)).SerializedCustomStatus);
        await app.Client.RaiseEventAsync(id, "Go");
        Assert.Null((await app.EndOf(id)).SerializedCustomStatus);
    }

    [Fact]
    public async Task Events_that_came_early_are_kept()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        var id = await app.ScheduleAsync("Keep", true);
        await app.Client.RaiseEventAsync(id, "Late", 1);
        await app.Client.RaiseEventAsync(id, "Late", 2);
        await app.Client.RaiseEventAsync(id, "Go");
        Assert.Equal("1 2", string.Join(' ', TestApp.Output<int[]>(await app.EndOf(id))));
    }

    [Fact]
    public async Task Events_that_came_early_are_dropped_when_that_is_asked_for()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        var id = await app.ScheduleAsync("Drop", true);
        await app.Client.RaiseEventAsync(id, "Late", 1);
        await app.Client.RaiseEventAsync(id, "Go");
        await app.UntilAsync(id, m => m.SerializedInput == "false");
        await app.Client.RaiseEventAsync(id, "Late", 2);
        Assert.Equal(2, TestApp.Output<int>(await app.EndOf(id)));
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

        [Function("Status")]
        public static async Task Status([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            if (context.GetInput<bool>())
            {
                context.SetCustomStatus("old");
                await context.CreateTimer(TimeSpan.FromMilliseconds(10), CancellationToken.None);
                context.ContinueAsNew(false);
                return;
            }

            await context.WaitForExternalEvent<object?>("Go");
        }

        [Function("Keep")]
        public static async Task<int[]> Keep([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            if (!context.GetInput<bool>())
                return [await context.WaitForExternalEvent<int>("Late"), await context.WaitForExternalEvent<int>("Late")];
            await context.WaitForExternalEvent<object?>("Go");
            context.ContinueAsNew(false, preserveUnprocessedEvents: true);
            return [];
        }

        [Function("Drop")]
        public static async Task<int> Drop([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            if (!context.GetInput<bool>())
                return await context.WaitForExternalEvent<int>("Late");
            await context.WaitForExternalEvent<object?>("Go");
            context.ContinueAsNew(false, preserveUnprocessedEvents: false);
            return 0;
        }
    }
}
