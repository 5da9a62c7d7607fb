using CloudRewind.LocalRuntime.Tests.Support;
using DurableTask.Core.Exceptions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace CloudRewind.LocalRuntime.Tests.Durable;

/// <summary>Where the local runtime does not do what Durable Functions does, and on purpose: the list in docs/local-runtime.md.</summary>
public sealed class DepartureTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(10);

    [Fact]
    public async Task What_the_client_refuses_throws_exceptions_of_dotnet_and_none_of_grpc()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        await Assert.ThrowsAsync<ArgumentException>(() => app.ScheduleAsync("Nothing"));
        await Assert.ThrowsAsync<ArgumentException>(() => app.ScheduleAsync("Wait", null, "a/b"));
        await Assert.ThrowsAsync<ArgumentException>(() => app.Client.RaiseEventAsync("nobody", "Go"));
        await Assert.ThrowsAsync<ArgumentException>(() => app.Client.TerminateInstanceAsync("nobody", "why"));
        await Assert.ThrowsAsync<ArgumentException>(() => app.Client.WaitForInstanceCompletionAsync("nobody"));
        await app.ScheduleAsync("Wait", null, "waits");
        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => app.ScheduleAsync("Wait", null, "waits"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => app.Client.PurgeInstanceAsync("waits", default));
        await app.Client.TerminateInstanceAsync("waits", null);
        await app.EndOf("waits");
        await Assert.ThrowsAsync<InvalidOperationException>(() => app.Client.RaiseEventAsync("waits", "Go"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => app.Client.TerminateInstanceAsync("waits", "why"));
    }

    [Fact]
    public async Task Options_or_a_token_in_the_place_of_a_payload_are_refused_and_not_stored()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        var token = CancellationToken.None;
        await ThrowsAsync(nameof(StartOrchestrationOptions), () => app.Client.ScheduleNewOrchestrationInstanceAsync("Wait", new StartOrchestrationOptions("x")));
        await ThrowsAsync(nameof(CancellationToken), () => app.Client.ScheduleNewOrchestrationInstanceAsync("Wait", token));
        await app.ScheduleAsync("Wait", null, "waits");
        await ThrowsAsync(nameof(CancellationToken), () => app.Client.RaiseEventAsync("waits", "Go", token));
        await ThrowsAsync(nameof(CancellationToken), () => app.Client.TerminateInstanceAsync("waits", token));
        foreach (var call in new[] { "activity", "sub-orchestration" })
        {
            var end = await app.RunAsync("OptionsAsInput", call);
            Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
            Assert.StartsWith("System.NotSupportedException: A TaskOptions came in the place of a payload", end.SerializedOutput, StringComparison.Ordinal);
        }

        static async Task ThrowsAsync(string type, Func<Task> call) =>
            Assert.Contains(type, (await Assert.ThrowsAsync<NotSupportedException>(call)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_that_comes_after_a_wait_was_cancelled_is_kept_for_the_next_wait()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        var id = await app.ScheduleAsync("CancelledWait");
        await app.UntilAsync(id, m => m.SerializedCustomStatus == "\"cancelled\"");
        await app.Client.RaiseEventAsync(id, "Number", 5);
        await app.Client.RaiseEventAsync(id, "Go");
        Assert.Equal(5, TestApp.Output<int>(await app.EndOf(id)));
    }

    [Fact]
    public async Task After_retries_that_all_failed_the_next_call_takes_the_next_number()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        Assert.Equal("#2, then #3", await app.OutputOf<string>("TwoFailures"));
    }

    [Fact]
    public async Task A_sub_orchestration_whose_id_runs_already_fails_the_call()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        await app.ScheduleAsync("Wait", null, "taken");
        Assert.Contains("An orchestration with the instance id 'taken' runs already.", await app.OutputOf<string>("CallTaken"), StringComparison.Ordinal);
        Assert.False((await app.Client.GetInstanceAsync("taken"))!.IsCompleted);
    }

    [Fact]
    public async Task A_call_that_history_does_not_hold_is_found_at_once()
    {
        Functions.Begun = 0;
        await using var app = await TestApp.StartAsync(typeof(Functions));
        var end = await app.RunAsync("OneMore");
        Assert.Equal("DurableTask.Core.Exceptions.NonDeterministicOrchestrationException", end.FailureDetails!.ErrorType);
        Assert.Contains("its history holds no further call, and its code now makes #1 a timer", end.SerializedOutput, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8_190, "\"Completed\"")]
    [InlineData(8_191, null)]
    public async Task A_custom_status_of_more_than_16_KB_is_refused(int length, string? output)
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        var end = await app.RunAsync("LongStatus", length);
        if (output is not null)
            Assert.Equal(output, end.SerializedOutput);
        else
            Assert.StartsWith("System.ArgumentException: The custom status is longer than 16384 bytes", end.SerializedOutput, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public async Task An_instance_id_has_at_most_the_documented_100_characters(int length, bool accepted)
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        var start = () => app.ScheduleAsync("Wait", null, new string('x', length));
        if (accepted)
            Assert.Equal(length, (await start()).Length);
        else
            await Assert.ThrowsAsync<ArgumentException>(start);
    }

    private static class Functions
    {
        public static int Begun;

        [Function("Wait")]
        public static Task Wait([OrchestrationTrigger] TaskOrchestrationContext context) => context.WaitForExternalEvent<string?>("Go");

        [Function("OptionsAsInput")]
        public static Task OptionsAsInput([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            var options = TaskOptions.FromRetryPolicy(new RetryPolicy(2, Short));
            return context.GetInput<string>() == "activity"
                ? context.CallActivityAsync("Fail", options)
                : context.CallSubOrchestratorAsync("Wait", options);
        }

        [Function("CancelledWait")]
        public static async Task<int> CancelledWait([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            try
            {
                await context.WaitForExternalEvent<int>("Number", Short);
            }
            catch (TaskCanceledException)
            {
                context.SetCustomStatus("cancelled");
            }

            await context.WaitForExternalEvent<string?>("Go");
            return await context.WaitForExternalEvent<int>("Number");
        }

        [Function("TwoFailures")]
        public static async Task<string> TwoFailures([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            var first = await FailureOf(() => context.CallActivityAsync("Fail", "x", TaskOptions.FromRetryPolicy(new RetryPolicy(2, Short))));
            var second = await FailureOf(() => context.CallActivityAsync("Fail", "x"));
            return $"#{first.TaskId}, then #{second.TaskId}";
        }

        [Function("Fail")]
        public static void Fail([ActivityTrigger] string input) => throw new InvalidOperationException(input);

        [Function("CallTaken")]
        public static async Task<string> CallTaken([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            var options = TaskOptions.FromRetryPolicy(new RetryPolicy(1, Short)).WithInstanceId("taken");
            return (await FailureOf(() => context.CallSubOrchestratorAsync("Wait", null, options))).Message;
        }

        [Function("OneMore")]
        public static async Task OneMore([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            var tasks = new List<Task> { context.CreateTimer(Short, CancellationToken.None) };
            if (Interlocked.Increment(ref Begun) > 1)
                tasks.Add(context.CreateTimer(Short, CancellationToken.None));
            await Task.WhenAll(tasks);
        }

        [Function("LongStatus")]
        public static string LongStatus([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            context.SetCustomStatus(new string('x', context.GetInput<int>()));
            return "Completed";
        }

        private static async Task<TaskFailedException> FailureOf(Func<Task> call)
        {
            try
            {
                await call();
            }
            catch (TaskFailedException e)
            {
                return e;
            }

            throw new InvalidOperationException("The call did not fail.");
        }
    }
}
