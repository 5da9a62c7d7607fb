using CloudRewind.LocalRuntime.Tests.Support;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.Extensions.Time.Testing;

namespace CloudRewind.LocalRuntime.Tests.Durable;

public sealed class TimerTests
{
    [Fact]
    public async Task A_timer_is_done_at_or_after_its_time()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        Assert.True(await app.OutputOf<TimeSpan>("Wait", TimeSpan.FromMilliseconds(300)) >= TimeSpan.FromMilliseconds(300));
    }

    [Fact]
    public async Task A_timer_of_400_days_costs_one_row_and_is_done_on_its_day()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var app = await TestApp.StartAsync(new TestApp.Setup { Functions = [typeof(Functions)], Time = time });
        var id = await app.ScheduleAsync("Wait", TimeSpan.FromDays(400));
        await app.UntilAsync(id, m => m.IsRunning);
        time.Advance(TimeSpan.FromDays(399));
        await AdvanceUntilEnded(app, id, time);
        Assert.True(TestApp.Output<TimeSpan>(await app.EndOf(id)) >= TimeSpan.FromDays(400));
    }

    [Fact]
    public async Task A_timer_that_came_due_while_nothing_ran_is_done_at_the_next_start()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var app = await TestApp.StartAsync(new TestApp.Setup { Functions = [typeof(Functions)], Time = time });
        var id = await app.ScheduleAsync("Wait", TimeSpan.FromHours(5));
        await app.UntilAsync(id, m => m.IsRunning);
        await app.CrashAsync();
        time.Advance(TimeSpan.FromHours(6));
        await app.StartAsync();
        Assert.Equal(TimeSpan.FromHours(6), TestApp.Output<TimeSpan>(await app.EndOf(id)));
    }

    [Fact]
    public async Task A_cancelled_timer_cancels_its_task_and_does_not_keep_the_orchestration()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        Assert.Equal("cancelled", await app.OutputOf<string>("Cancel"));
    }

    [Fact]
    public async Task Of_two_timers_the_shorter_one_wins()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        Assert.Equal("short", await app.OutputOf<string>("Race"));
    }

    private static Task AdvanceUntilEnded(TestApp app, string id, FakeTimeProvider time) => Eventually.TrueAsync(async () =>
    {
        time.Advance(TimeSpan.FromHours(6));
        return (await app.Client.GetInstanceAsync(id))!.IsCompleted;
    });

    private static class Functions
    {
        [Function("Wait")]
        public static async Task<TimeSpan> Wait([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            var begun = context.CurrentUtcDateTime;
            await context.CreateTimer(context.GetInput<TimeSpan>(), CancellationToken.None);
            return context.CurrentUtcDateTime - begun;
        }

        [Function("Cancel")]
        public static async Task<string> Cancel([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            using var end = new CancellationTokenSource();
            var timer = context.CreateTimer(TimeSpan.FromDays(1), end.Token);
            await context.CreateTimer(context.CurrentUtcDateTime.AddMilliseconds(10), CancellationToken.None);
#pragma warning disable CA1849 // On the orchestrator's own thread.
            end.Cancel();
#pragma warning restore CA1849
            try
            {
                await timer;
                return "done";
            }
            catch (TaskCanceledException)
            {
                await context.CreateTimer(TimeSpan.FromMilliseconds(10), CancellationToken.None);
                return "cancelled";
            }
        }

        [Function("Race")]
        public static async Task<string> Race([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            using var end = new CancellationTokenSource();
            var slow = context.CreateTimer(TimeSpan.FromDays(1), end.Token);
            var quick = context.CreateTimer(TimeSpan.FromMilliseconds(50), end.Token);
            return await Task.WhenAny(slow, quick) == quick ? "short" : "long";
        }
    }
}
