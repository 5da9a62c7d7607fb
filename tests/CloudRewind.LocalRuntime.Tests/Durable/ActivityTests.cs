using CloudRewind.LocalRuntime.Tests.Support;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace CloudRewind.LocalRuntime.Tests.Durable;

public sealed class ActivityTests
{
    [Fact]
    public async Task A_result_comes_back_as_its_declared_names()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        var end = await app.RunAsync("Describe", "a");
        Assert.Equal(OrchestrationRuntimeStatus.Completed, end.RuntimeStatus);
        Assert.Equal("""{"Text":"a","Span":"01:30:00","Kind":1}""", end.SerializedOutput);
        Assert.Equal("\"a\"", end.SerializedInput);
    }

    [Fact]
    public async Task A_failure_names_task_number_and_message_and_hides_the_type()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        Assert.Equal(
            "Task 'Fail' (#0) failed with an unhandled exception: boom 1|Fail|0|(unknown)|boom 1|False",
            await app.OutputOf<string>("CallFail"));
    }

    [Fact]
    public async Task An_activity_that_does_not_exist_fails_the_call()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        Assert.StartsWith("Task 'Nothing' (#0) failed", await app.OutputOf<string>("CallNothing"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retries_make_the_attempts_of_the_policy_and_task_numbers_move_on()
    {
        var probe = new Probe();
        await using var app = await TestApp.StartAsync(new TestApp.Setup { Functions = [typeof(Functions)], Probe = probe });
        Assert.Equal("#4", await app.OutputOf<string>("Retry", 3));
        Assert.Equal(3, probe.Count("flaky"));
    }

    [Fact]
    public async Task A_retry_that_works_gives_the_result()
    {
        var probe = new Probe();
        await using var app = await TestApp.StartAsync(new TestApp.Setup { Functions = [typeof(Functions)], Probe = probe });
        Assert.Equal("done", await app.OutputOf<string>("Retry", 5));
        Assert.Equal(4, probe.Count("flaky"));
    }

    [Fact]
    public async Task A_fan_out_of_150_gives_every_result_in_order()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        Assert.Equal(11_175, await app.OutputOf<int>("FanOut", 150));
    }

    [Fact]
    public async Task A_payload_of_200_KB_is_split_and_never_truncated()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        var text = string.Concat(Enumerable.Range(0, 100_000).Select(i => (char)('"' + (i % 90))));
        Assert.Equal(text + text, await app.OutputOf<string>("Twice", text));
    }

    [Fact]
    public async Task A_payload_of_3_MB_takes_several_rows()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        var text = new string('ü', 250_000);
        Assert.Equal(text + text, await app.OutputOf<string>("Twice", text));
    }

    [Fact]
    public async Task An_exception_that_leaves_the_orchestrator_fails_it()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        var end = await app.RunAsync("Leave");
        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Equal("System.ArgumentException: left the orchestrator", end.SerializedOutput);
        Assert.True(end.FailureDetails!.IsCausedBy<ArgumentException>());
    }

    private enum Colour
    {
        Red,
        Green,
    }

    private sealed record Described(string Text, TimeSpan Span, Colour Kind);

    private sealed class Functions(Probe probe)
    {
        [Function("Describe")]
        public static Task<Described> Describe([OrchestrationTrigger] TaskOrchestrationContext context) =>
            context.CallActivityAsync<Described>("MakeDescribed", context.GetInput<string>());

        [Function("MakeDescribed")]
        public static Described Make([ActivityTrigger] string text) => new(text, TimeSpan.FromMinutes(90), Colour.Green);

        [Function("CallFail")]
        public static async Task<string> CallFail([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            try
            {
                await context.CallActivityAsync("Fail", 1);
                return "did not fail";
            }
            catch (TaskFailedException e)
            {
                var details = e.FailureDetails;
                return $"{e.Message}|{e.TaskName}|{e.TaskId}|{details.ErrorType}|{details.ErrorMessage}|{details.IsCausedBy<InvalidOperationException>()}";
            }
        }

        [Function("Fail")]
        public static void Fail([ActivityTrigger] int number) => throw new InvalidOperationException($"boom {number}");

        [Function("CallNothing")]
        public static async Task<string> CallNothing([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            try
            {
                await context.CallActivityAsync("Nothing");
                return "did not fail";
            }
            catch (TaskFailedException e)
            {
                return e.Message;
            }
        }

        [Function("Retry")]
        public static async Task<string> Retry([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            var policy = new RetryPolicy(context.GetInput<int>(), TimeSpan.FromMilliseconds(10), 2, TimeSpan.FromMilliseconds(30));
            try
            {
                return await context.CallActivityAsync<string>("Flaky", null, TaskOptions.FromRetryPolicy(policy));
            }
            catch (TaskFailedException e)
            {
                return $"#{e.TaskId}";
            }
        }

        [Function("Flaky")]
        public string Flaky([ActivityTrigger] string? input) =>
            probe.Hit("flaky") < 4 ? throw new InvalidOperationException($"not yet {input}") : "done";

        [Function("FanOut")]
        public static async Task<int> FanOut([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            var calls = Enumerable.Range(0, context.GetInput<int>()).Select(i => context.CallActivityAsync<int>("Echo", i)).ToList();
            var results = await Task.WhenAll(calls);
            Assert.Equal(Enumerable.Range(0, results.Length), results);
            return results.Sum();
        }

        [Function("Echo")]
        public static async Task<int> Echo([ActivityTrigger] int number)
        {
            await Task.Yield();
            return number;
        }

        [Function("Twice")]
        public static Task<string> Twice([OrchestrationTrigger] TaskOrchestrationContext context) =>
            context.CallActivityAsync<string>("Double", context.GetInput<string>());

        [Function("Double")]
        public static string Double([ActivityTrigger] string text) => text + text;

        [Function("Leave")]
        public static void Leave([OrchestrationTrigger] TaskOrchestrationContext context) =>
            throw new ArgumentException("left the orchestrator");
    }
}
