using CloudRewind.LocalRuntime.Tests.Support;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace CloudRewind.LocalRuntime.Tests.Durable;

public sealed class SubOrchestrationTests
{
    [Fact]
    public async Task A_sub_orchestration_gives_its_output()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        Assert.Equal("hello a", await app.OutputOf<string>("Parent", "a"));
    }

    [Fact]
    public async Task A_sub_orchestration_has_the_instance_id_that_was_chosen()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        await app.RunAsync("Parent", "a");
        Assert.Equal("\"hello a\"", (await app.EndOf("child-of-a")).SerializedOutput);
    }

    [Fact]
    public async Task A_failure_carries_its_type()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        Assert.Equal("System.InvalidOperationException|no|True", await app.OutputOf<string>("ParentOfFailing"));
    }

    [Fact]
    public async Task A_retry_starts_the_same_instance_anew()
    {
        var probe = new Probe();
        await using var app = await TestApp.StartAsync(new TestApp.Setup { Functions = [typeof(Functions)], Probe = probe });
        Assert.Equal("third", await app.OutputOf<string>("ParentOfFlaky"));
    }

    [Fact]
    public async Task A_terminated_sub_orchestration_fails_the_call()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        var id = await app.ScheduleAsync("ParentOfWaiting");
        await app.UntilAsync("waiting", m => m.IsRunning);
        await app.Client.TerminateInstanceAsync("waiting", "enough");
        Assert.Contains("terminated", TestApp.Output<string>(await app.EndOf(id)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_parent_is_told_after_a_crash()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        var id = await app.ScheduleAsync("ParentOfWaiting");
        await app.UntilAsync("waiting", m => m.IsRunning);
        await app.CrashAsync();
        await app.StartAsync();
        await app.Client.RaiseEventAsync("waiting", "Go");
        Assert.Equal("waited", TestApp.Output<string>(await app.EndOf(id)));
    }

    [Fact]
    public async Task Fifty_sub_orchestrations_at_once_all_answer()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        Assert.Equal(50, await app.OutputOf<int>("Many"));
    }

    private sealed class Functions(Probe probe)
    {
        [Function("Parent")]
        public static Task<string> Parent([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            var name = context.GetInput<string>();
            var options = TaskOptions.FromRetryPolicy(new RetryPolicy(1, TimeSpan.FromSeconds(1)));
            return context.CallSubOrchestratorAsync<string>("Child", name, options.WithInstanceId($"child-of-{name}"));
        }

        [Function("Child")]
        public static string Child([OrchestrationTrigger] TaskOrchestrationContext context) => $"hello {context.GetInput<string>()}";

        [Function("ParentOfFailing")]
        public static async Task<string> ParentOfFailing([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            try
            {
                await context.CallSubOrchestratorAsync("Failing");
                return "did not fail";
            }
            catch (TaskFailedException e)
            {
                var details = e.FailureDetails;
                return $"{details.ErrorType}|{details.ErrorMessage}|{details.IsCausedBy<InvalidOperationException>()}";
            }
        }

        [Function("Failing")]
        public static void Failing([OrchestrationTrigger] TaskOrchestrationContext context) => throw new InvalidOperationException("no");

        [Function("ParentOfFlaky")]
        public static Task<string> ParentOfFlaky([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            var options = TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromMilliseconds(10)));
            return context.CallSubOrchestratorAsync<string>("Flaky", null, options.WithInstanceId("flaky"));
        }

        [Function("Flaky")]
        public static Task<string> Flaky([OrchestrationTrigger] TaskOrchestrationContext context) =>
            context.CallActivityAsync<string>("Third");

        [Function("Third")]
        public string Third([ActivityTrigger] object? input) =>
            probe.Hit("third") < 3 ? throw new InvalidOperationException($"not yet {input}") : "third";

        [Function("ParentOfWaiting")]
        public static async Task<string> ParentOfWaiting([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            var options = TaskOptions.FromRetryPolicy(new RetryPolicy(1, TimeSpan.FromSeconds(1)));
            try
            {
                return await context.CallSubOrchestratorAsync<string>("Waiting", null, options.WithInstanceId("waiting"));
            }
            catch (TaskFailedException e)
            {
                return e.Message;
            }
        }

        [Function("Waiting")]
        public static async Task<string> Waiting([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            await context.WaitForExternalEvent<object?>("Go");
            return "waited";
        }

        [Function("Many")]
        public static async Task<int> Many([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            var calls = Enumerable.Range(0, 50).Select(i => context.CallSubOrchestratorAsync<string>("Child", $"{i}")).ToList();
            return (await Task.WhenAll(calls)).Distinct().Count();
        }
    }
}
