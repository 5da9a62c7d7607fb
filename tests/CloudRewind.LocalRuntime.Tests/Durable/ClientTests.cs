using CloudRewind.LocalRuntime.Tests.Support;
using DurableTask.Core.Exceptions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace CloudRewind.LocalRuntime.Tests.Durable;

public sealed class ClientTests
{
    [Fact]
    public async Task Starting_an_instance_id_that_is_running_is_refused()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        await app.ScheduleAsync("Wait", 1, "one");
        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => app.ScheduleAsync("Wait", 2, "one"));
        await app.UntilAsync("one", m => m.IsRunning);
        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => app.ScheduleAsync("Wait", 2, "one"));
    }

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
    public async Task An_instance_id_that_has_ended_starts_anew_from_the_beginning()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        Assert.Equal(2, await app.OutputOf<int>("AddOne", 1, "a:b c%/".TrimEnd('/')));
        Assert.Equal(8, await app.OutputOf<int>("AddOne", 7, "a:b c%"));
    }

    [Fact]
    public async Task An_orchestrator_that_does_not_exist_is_not_started()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        await Assert.ThrowsAsync<ArgumentException>(() => app.ScheduleAsync("Nothing"));
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a#b")]
    [InlineData("@a")]
    [InlineData("a\u0001")]
    public async Task An_instance_id_that_cannot_be_one_is_refused(string id)
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        await Assert.ThrowsAsync<ArgumentException>(() => app.ScheduleAsync("Wait", null, id));
    }

    [Fact]
    public async Task An_unknown_instance_gives_null_and_cannot_be_acted_on()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        Assert.Null(await app.Client.GetInstanceAsync("nobody"));
        await Assert.ThrowsAsync<ArgumentException>(() => app.Client.RaiseEventAsync("nobody", "Go"));
        await Assert.ThrowsAsync<ArgumentException>(() => app.Client.TerminateInstanceAsync("nobody", "why"));
        await Assert.ThrowsAsync<ArgumentException>(() => app.Client.WaitForInstanceCompletionAsync("nobody"));
        Assert.Equal(0, (await app.Client.PurgeInstanceAsync("nobody", default)).PurgedInstanceCount);
    }

    [Fact]
    public async Task A_finished_instance_takes_no_event_and_no_termination_and_can_be_purged()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        await app.RunAsync("AddOne", 1, "one");
        await Assert.ThrowsAsync<InvalidOperationException>(() => app.Client.RaiseEventAsync("one", "Go"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => app.Client.TerminateInstanceAsync("one", "why"));
        Assert.Equal(1, (await app.Client.PurgeInstanceAsync("one", default)).PurgedInstanceCount);
        Assert.Null(await app.Client.GetInstanceAsync("one"));
        Assert.Equal(6, await app.OutputOf<int>("AddOne", 5, "one"));
    }

    [Fact]
    public async Task A_running_instance_is_not_purged()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        await app.ScheduleAsync("Wait", 1, "one");
        await Assert.ThrowsAsync<InvalidOperationException>(() => app.Client.PurgeInstanceAsync("one", default));
    }

    [Fact]
    public async Task Termination_gives_the_output_and_drops_the_late_result_of_an_activity()
    {
        var probe = new Probe();
        await using var app = await TestApp.StartAsync(new TestApp.Setup { Functions = [typeof(Functions)], Probe = probe });
        await app.ScheduleAsync("CallSlow", null, "one");
        await probe.Gate("begun");
        await app.Client.TerminateInstanceAsync("one", "enough");
        var end = await app.EndOf("one");
        Assert.Equal((OrchestrationRuntimeStatus.Terminated, "\"enough\""), (end.RuntimeStatus, end.SerializedOutput));

        await app.ScheduleAsync("Wait", 1, "one");
        probe.Open("end");
        await app.Client.RaiseEventAsync("one", "Go");
        Assert.Equal(1, TestApp.Output<int>(await app.EndOf("one")));
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

        async Task<string[]> Find(OrchestrationQuery query) =>
            await app.Client.GetAllInstancesAsync(query).Select(m => m.InstanceId).Order().ToArrayAsync();
    }

    [Fact]
    public async Task The_custom_status_shows_while_the_orchestration_runs()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        await app.ScheduleAsync("Wait", 1, "one");
        await app.UntilAsync("one", m => m.SerializedCustomStatus == """{"Step":"waits"}""");
    }

    private sealed class Functions(Probe probe)
    {
        [Function("Wait")]
        public static async Task<int> Wait([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            context.SetCustomStatus(new { Step = "waits" });
            await context.WaitForExternalEvent<object?>("Go");
            return context.GetInput<int>();
        }

        [Function("AddOne")]
        public static int AddOne([OrchestrationTrigger] TaskOrchestrationContext context) => context.GetInput<int>() + 1;

        [Function("CallSlow")]
        public static Task<int> CallSlow([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync<int>("Slow");

        [Function("Slow")]
        public async Task<int> Slow([ActivityTrigger] object? input)
        {
            probe.Open("begun");
            await probe.Gate("end");
            return input is null ? 1 : 2;
        }
    }
}
