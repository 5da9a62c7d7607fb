using CloudRewind.LocalRuntime.Tests.Support;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace CloudRewind.LocalRuntime.Tests.Durable;

public sealed class SubOrchestrationTests
{
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

    private static class Functions
    {
        [Function("ParentOfWaiting")]
        public static Task<string> ParentOfWaiting([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            var options = TaskOptions.FromRetryPolicy(new RetryPolicy(1, TimeSpan.FromSeconds(1)));
            return context.CallSubOrchestratorAsync<string>("Waiting", null, options.WithInstanceId("waiting"));
        }

        [Function("Waiting")]
        public static async Task<string> Waiting([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            await context.WaitForExternalEvent<object?>("Go");
            return "waited";
        }
    }
}
