using CloudRewind.LocalRuntime.Tests.Support;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.Extensions.Time.Testing;

namespace CloudRewind.LocalRuntime.Tests.Durable;

public sealed class TimerTests
{
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
    }
}
