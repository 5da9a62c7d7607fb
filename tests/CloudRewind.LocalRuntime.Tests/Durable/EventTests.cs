using CloudRewind.LocalRuntime.Tests.Support;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace CloudRewind.LocalRuntime.Tests.Durable;

public sealed class EventTests
{
    [Fact]
    public async Task An_event_that_comes_before_the_wait_is_kept_over_a_crash()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        var id = await app.ScheduleAsync("Collect");
        await app.Client.RaiseEventAsync(id, "Number", 1);
        await app.CrashAsync();
        await app.StartAsync();
        await app.Client.RaiseEventAsync(id, "Number", 2);
        await app.Client.RaiseEventAsync(id, "Number", 3);
        await app.Client.RaiseEventAsync(id, "Go");
        Assert.Equal("1 2 3", string.Join(' ', TestApp.Output<int[]>(await app.EndOf(id))));
    }

    private static class Functions
    {
        [Function("Collect")]
        public static async Task<List<int>> Collect([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            await context.WaitForExternalEvent<object?>("Go");
            var numbers = new List<int>();
            for (var i = 0; i < 3; i++)
                numbers.Add(await context.WaitForExternalEvent<int>("Number"));
            return numbers;
        }
    }
}
