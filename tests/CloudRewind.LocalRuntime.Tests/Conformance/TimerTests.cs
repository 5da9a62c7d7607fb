using CloudRewind.LocalRuntime.Tests.Conformance.Support;

namespace CloudRewind.LocalRuntime.Tests.Conformance;

[Collection(ConformanceSuite.Name)]
public sealed class TimerTests(ConformanceApp app)
{
    // The real one's clock may be a moment before the due time after a timer; the local one's never is.
    private static readonly TimeSpan Moment = ConformanceApp.OutsideUrl is null ? TimeSpan.Zero : TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task A_timer_is_done_at_or_after_its_time()
    {
        var length = TimeSpan.FromMilliseconds(500);
        Assert.True(await app.Client.OutputOfAsync<TimeSpan>("TimerOfALength", length) >= length - Moment);
    }

    [Fact]
    public async Task A_timer_whose_time_is_past_is_done_at_once() =>
        Assert.True(await app.Client.OutputOfAsync<DateTime>("TimerUntilATime", DateTime.UtcNow.AddDays(-1)) > DateTime.UtcNow.AddHours(-1));

    [Fact]
    public async Task A_timer_of_no_length_is_done_at_once() =>
        Assert.True(await app.Client.OutputOfAsync<TimeSpan>("TimerOfALength", TimeSpan.Zero) < TimeSpan.FromHours(1));

    [Fact]
    public async Task A_timer_that_is_cancelled_cancels_its_task_and_does_not_keep_the_orchestration()
    {
        var id = ConformanceClient.NewId();
        Assert.Equal("cancelled", await app.Client.OutputOfAsync<string>("TimerThatIsCancelled", null, id));
        Assert.Equal(["after"], await app.Client.NotesAsync(id));
    }

    [Fact]
    public async Task Of_two_timers_the_shorter_one_wins() =>
        Assert.Equal("short", await app.Client.OutputOfAsync<string>("ShorterOfTwoTimers"));

    [Fact]
    public async Task Two_timers_of_one_time_are_both_done() =>
        Assert.Equal(2, await app.Client.OutputOfAsync<int>("TwoTimersOfOneTime"));

    [Fact]
    public async Task A_timer_may_be_years_long_and_an_event_may_come_first()
    {
        var id = await app.Client.StartAsync("EventOrYears");
        await app.Client.UntilAsync(id, i => i.Status == "Running");
        await app.Client.RaiseAsync(id, "Go", "the event");
        Assert.Equal("the event", ConformanceClient.Output<string>(await app.Client.EndOfAsync(id)));
    }
}
