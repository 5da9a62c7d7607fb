using CloudRewind.LocalRuntime.Tests.Support;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Time.Testing;

namespace CloudRewind.LocalRuntime.Tests.Timers;

public sealed class TimerTriggerTests
{
    [Fact]
    public async Task A_function_starts_on_its_schedule_and_an_exception_does_not_end_it()
    {
        var (probe, time) = (new Probe(), new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 1, TimeSpan.Zero)));
        await using var app = await TestApp.StartAsync(new TestApp.Setup { Functions = [typeof(Functions)], Probe = probe, Time = time });
        await AdvanceUntil(time, () => probe.Count("in time") + probe.Count("past due") >= 3);
        Assert.Contains(app.Log.Lines, l => l.Contains("The timer function Tick failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_start_that_was_missed_comes_at_once_and_is_past_due()
    {
        var (probe, time) = (new Probe(), new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 1, TimeSpan.Zero)));
        await using var app = await TestApp.StartAsync(new TestApp.Setup { Functions = [typeof(Functions)], Probe = probe, Time = time });
        await AdvanceUntil(time, () => probe.Count("in time") + probe.Count("past due") >= 1);
        await app.StopAsync();
        time.Advance(TimeSpan.FromHours(1));
        var before = probe.Count("past due");
        await app.StartAsync();
        await Eventually.TrueAsync(() => probe.Count("past due") > before);
    }

    [Fact]
    public async Task A_function_never_runs_twice_at_once()
    {
        var (probe, time) = (new Probe(), new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 1, TimeSpan.Zero)));
        await using var app = await TestApp.StartAsync(new TestApp.Setup { Functions = [typeof(Slow)], Probe = probe, Time = time });
        await AdvanceUntil(time, () => probe.Count("begun") == 1);
        for (var i = 0; i < 20; i++)
        {
            time.Advance(TimeSpan.FromMinutes(5));
            await Task.Yield();
        }

        Assert.Equal(1, probe.Count("begun"));
        probe.Open("end");
        await AdvanceUntil(time, () => probe.Count("begun") >= 2);
    }

    private static Task AdvanceUntil(FakeTimeProvider time, Func<bool> condition) => Eventually.TrueAsync(() =>
    {
        if (condition())
            return true;
        time.Advance(TimeSpan.FromMinutes(1));
        return false;
    });

    private sealed class Functions(Probe probe)
    {
        [Function("Tick")]
        public void Tick([TimerTrigger("0 */5 * * * *")] TimerInfo timer)
        {
            probe.Hit(timer.IsPastDue ? "past due" : "in time");
            throw new InvalidOperationException("tick");
        }
    }

    private sealed class Slow(Probe probe)
    {
        [Function("Slow")]
        public async Task Run([TimerTrigger("0 */5 * * * *")] TimerInfo timer)
        {
            probe.Hit("begun");
            await probe.Gate(timer.IsPastDue ? "end" : "end");
        }
    }
}
