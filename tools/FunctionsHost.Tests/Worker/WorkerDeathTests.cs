using System.Net;
using CloudRewind.FunctionsHost.Tests.Support;
using CloudRewind.TestSupport;

namespace CloudRewind.FunctionsHost.Tests.Worker;

/// <summary>The worker's process is killed under a running host.</summary>
public sealed class WorkerDeathTests(HostFixture fixture) : IClassFixture<HostFixture>
{
    private readonly HostProgram host = fixture.Host;
    private readonly string name = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task A_request_in_flight_gets_503_and_the_next_a_new_worker()
    {
        var old = await host.UntilWorkerAnswersAsync();
        var inFlight = host.Client.GetAsync($"api/waits/{name}");
        await host.Notes.UntilAsync($"runs-{name}");
        HostProgram.Kill(old);

        using var answer = await inFlight;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("The worker's process ended", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.NotEqual(old, await host.UntilWorkerAnswersAsync());
    }

    [Fact]
    public async Task Every_request_is_answered_however_often_the_worker_dies()
    {
        const int Requests = 200, Deaths = 4;
        await host.UntilWorkerAnswersAsync();
        var answered = 0;
        var asking = Parallel.ForAsync(0, Requests, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, token) =>
        {
            using var answer = await host.Client.GetAsync("api/process", token);
            Assert.True(
                answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway,
                $"{answer.StatusCode}");
            Interlocked.Increment(ref answered);
        });
        for (var death = 1; death <= Deaths; death++)
        {
            var due = death * Requests / (Deaths + 1);
            await Eventually.GetAsync(
                () => Task.FromResult(Volatile.Read(ref answered)), count => count >= due || asking.IsCompleted, $"{due} answers");
            // The next one may not have begun.
            await Eventually.GetAsync(() => Task.FromResult(AppProgram.Exists(host.WorkerId)), running => running, "a worker to kill");
            HostProgram.Kill(host.WorkerId);
        }

        await asking;
        Assert.Equal(Requests, answered);
        await host.UntilWorkerAnswersAsync();
    }

    [Fact]
    public async Task An_activity_whose_worker_dies_is_run_again()
    {
        var orchestrations = new Orchestrations(host);
        await orchestrations.ScheduleAsync("RunsSlowActivity", name);
        var first = await host.Notes.UntilAsync($"runs-{name}");
        HostProgram.Kill(host.WorkerId);
        var runs = await host.Notes.UntilAsync($"runs-{name}", 2);
        Assert.NotEqual(first[0], runs[1]);

        host.Notes.Add($"open-{name}");
        Assert.Equal("open", (await orchestrations.UntilEndedAsync(name)).Output);
    }
}
