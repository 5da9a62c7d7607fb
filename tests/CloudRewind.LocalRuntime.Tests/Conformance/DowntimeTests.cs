using CloudRewind.LocalRuntime.Tests.Conformance.Support;
using CloudRewind.LocalRuntime.Tests.Support;

namespace CloudRewind.LocalRuntime.Tests.Conformance;

public sealed class DowntimeTests
{
    [OwnProcessFact]
    public async Task A_timer_that_came_due_while_the_process_was_down_is_done_at_the_next_start()
    {
        await using var azurite = await TestStorage.StartAsync();
        using var program = ConformanceApp.ProgramOn(azurite);
        var client = await ConformanceApp.StartAsync(program);

        // On a slow machine the kill may come too late for a short timer: then a longer one.
        string id;
        DateTime due;
        for (var seconds = 2; ; seconds *= 2)
        {
            due = DateTime.UtcNow.AddSeconds(seconds);
            id = await client.StartAsync("TimerUntilATime", due);
            await client.UntilStatusAsync(id, "waits");
            program.Kill();
            if (DateTime.UtcNow < due)
                break;
            client.Dispose();
            client = await ConformanceApp.StartAsync(program);
        }

        await Eventually.TrueAsync(() => DateTime.UtcNow > due);
        client.Dispose();
        var down = DateTime.UtcNow;
        using var again = await ConformanceApp.StartAsync(program);
        Assert.True(ConformanceClient.Output<DateTime>(await again.EndOfAsync(id)) >= down);
    }
}
