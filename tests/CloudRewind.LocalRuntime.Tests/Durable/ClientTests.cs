using Azure.Data.Tables;
using CloudRewind.LocalRuntime.Durable.Storage;
using CloudRewind.LocalRuntime.Tests.Support;
using DurableTask.Core.Exceptions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace CloudRewind.LocalRuntime.Tests.Durable;

public sealed class ClientTests
{
    [Fact]
    public async Task Of_many_starts_of_one_instance_id_at_once_one_wins()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        var starts = Enumerable.Range(0, 10).Select(async i =>
        {
            try
            {
                await app.ScheduleAsync("Wait", i, "one");
                return 1;
            }
            catch (OrchestrationAlreadyExistsException)
            {
                return 0;
            }
        });
        Assert.Equal(1, (await Task.WhenAll(starts)).Sum());
    }

    [Fact]
    public async Task A_query_finds_instances_by_state_and_prefix()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        await app.RunAsync("AddOne", 1, "done-1");
        await app.ScheduleAsync("Wait", 1, "wait-1");
        await app.ScheduleAsync("Wait", 1, "wait-2");
        await app.UntilAsync("wait-1", m => m.IsRunning);
        await app.UntilAsync("wait-2", m => m.IsRunning);
        Assert.Equal(["done-1", "wait-1", "wait-2"], await Find(new OrchestrationQuery()));
        Assert.Equal(["wait-1", "wait-2"], await Find(new OrchestrationQuery { Statuses = [OrchestrationRuntimeStatus.Running] }));
        Assert.Equal(["done-1"], await Find(new OrchestrationQuery { InstanceIdPrefix = "done" }));
        Assert.Null((await app.Client.GetAllInstancesAsync(new OrchestrationQuery { InstanceIdPrefix = "done" }).SingleAsync()).SerializedOutput);
        Assert.Equal("2", (await app.Client.GetAllInstancesAsync(new OrchestrationQuery { InstanceIdPrefix = "done", FetchInputsAndOutputs = true }).SingleAsync()).SerializedOutput);

        async Task<string[]> Find(OrchestrationQuery query) =>
            await app.Client.GetAllInstancesAsync(query).Select(m => m.InstanceId).Order().ToArrayAsync();
    }

    [Fact]
    public async Task A_purge_leaves_no_row()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        await app.RunAsync("AddOne", 1, "one");
        var rows = app.Services.GetRequiredService<HubTables>().Instances.QueryAsync<TableEntity>(r => r.PartitionKey == "one");
        Assert.True(await rows.AnyAsync());
        await app.Client.PurgeInstanceAsync("one", default);
        Assert.False(await rows.AnyAsync());
    }

    private static class Functions
    {
        [Function("Wait")]
        public static async Task<int> Wait([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            await context.WaitForExternalEvent<object?>("Go");
            return context.GetInput<int>();
        }

        [Function("AddOne")]
        public static int AddOne([OrchestrationTrigger] TaskOrchestrationContext context) => context.GetInput<int>() + 1;
    }
}
