using CloudRewind.LocalRuntime.Tests.Support;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace CloudRewind.LocalRuntime.Tests.Durable;

public sealed class EventTests
{
    [Fact]
    public async Task Events_that_come_before_the_wait_are_kept_in_order()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        var id = await app.ScheduleAsync("Collect");
        foreach (var number in new[] { 1, 2, 3 })
            await app.Client.RaiseEventAsync(id, "Number", number);
        await app.UntilAsync(id, m => m.SerializedCustomStatus == "\"waits\"");
        await app.Client.RaiseEventAsync(id, "Go");
        Assert.Equal("1 2 3", string.Join(' ', TestApp.Output<int[]>(await app.EndOf(id))));
    }

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

    [Fact]
    public async Task The_names_of_events_have_no_case()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        var id = await app.ScheduleAsync("Collect");
        await app.Client.RaiseEventAsync(id, "GO");
        foreach (var number in new[] { 1, 2, 3 })
            await app.Client.RaiseEventAsync(id, "nUmBeR", number);
        Assert.Equal("1 2 3", string.Join(' ', TestApp.Output<int[]>(await app.EndOf(id))));
    }

    [Fact]
    public async Task Of_two_waiters_the_latest_gets_the_event()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        var id = await app.ScheduleAsync("TwoWaiters");
        await app.Client.RaiseEventAsync(id, "Number", 7);
        await app.UntilAsync(id, m => m.SerializedCustomStatus == "\"second 7\"");
        await app.Client.RaiseEventAsync(id, "Number", 8);
        Assert.Equal("first 8", TestApp.Output<string>(await app.EndOf(id)));
    }

    [Fact]
    public async Task A_wait_with_a_time_out_is_cancelled_and_a_later_event_goes_to_the_next_wait()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        var id = await app.ScheduleAsync("TimeOut");
        await app.UntilAsync(id, m => m.SerializedCustomStatus == "\"timed out\"");
        await app.Client.RaiseEventAsync(id, "Number", 5);
        Assert.Equal(5, TestApp.Output<int>(await app.EndOf(id)));
    }

    [Fact]
    public async Task An_event_in_time_ends_a_wait_with_a_time_out_and_its_timer()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        var id = await app.ScheduleAsync("InTime");
        await app.Client.RaiseEventAsync(id, "Number", 5);
        Assert.Equal(5, TestApp.Output<int>(await app.EndOf(id)));
    }

    [Fact]
    public async Task An_event_without_payload_gives_the_default()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        var id = await app.ScheduleAsync("InTime");
        await app.Client.RaiseEventAsync(id, "Number", null);
        Assert.Equal(0, TestApp.Output<int>(await app.EndOf(id)));
    }

    [Fact]
    public async Task A_hundred_events_at_once_all_arrive()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        var id = await app.ScheduleAsync("Sum", 100);
        await Task.WhenAll(Enumerable.Range(1, 100).Select(n => app.Client.RaiseEventAsync(id, "Number", n)));
        Assert.Equal(5050, TestApp.Output<int>(await app.EndOf(id)));
    }

    private static class Functions
    {
        [Function("Collect")]
        public static async Task<List<int>> Collect([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            context.SetCustomStatus("waits");
            await context.WaitForExternalEvent<object?>("Go");
            var numbers = new List<int>();
            for (var i = 0; i < 3; i++)
                numbers.Add(await context.WaitForExternalEvent<int>("Number"));
            return numbers;
        }

        [Function("TwoWaiters")]
        public static async Task<string> TwoWaiters([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            var first = context.WaitForExternalEvent<int>("Number");
            var second = context.WaitForExternalEvent<int>("Number");
            context.SetCustomStatus($"second {await second}");
            return $"first {await first}";
        }

        [Function("TimeOut")]
        public static async Task<int> TimeOut([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            try
            {
                await context.WaitForExternalEvent<int>("Number", TimeSpan.FromMilliseconds(50));
                return -1;
            }
            catch (TaskCanceledException)
            {
                context.SetCustomStatus("timed out");
                return await context.WaitForExternalEvent<int>("Number");
            }
        }

        [Function("InTime")]
        public static Task<int> InTime([OrchestrationTrigger] TaskOrchestrationContext context) =>
            context.WaitForExternalEvent<int>("Number", TimeSpan.FromDays(300));

        [Function("Sum")]
        public static async Task<int> Sum([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            var sum = 0;
            for (var i = 0; i < context.GetInput<int>(); i++)
                sum += await context.WaitForExternalEvent<int>("Number");
            return sum;
        }
    }
}
