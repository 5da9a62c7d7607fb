using System.Net;
using CloudRewind.FunctionsHost.Tests.Support;

namespace CloudRewind.FunctionsHost.Tests.Timeouts;

/// <summary>functionTimeout: what outlives it has failed, and the worker in which it still runs is replaced.</summary>
public sealed class FunctionTimeoutTests(FunctionTimeoutTests.Fixture fixture) : IClassFixture<FunctionTimeoutTests.Fixture>
{
    private readonly HostProgram host = fixture.Host;
    private readonly string name = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task A_request_whose_function_hangs_gets_504_and_the_next_a_new_worker()
    {
        await host.UntilWorkerAnswersAsync();
        using var answer = await host.Client.GetAsync($"api/hangs/{name}");
        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        var hung = int.Parse(host.Notes.Lines($"runs-{name}")[0], System.Globalization.CultureInfo.InvariantCulture);
        await HostProgram.UntilGoneAsync(hung);
        Assert.NotEqual(hung, await host.UntilWorkerAnswersAsync());
    }

    [Fact]
    public async Task An_activity_that_hangs_is_run_again_on_a_new_worker()
    {
        await host.UntilWorkerAnswersAsync();
        var orchestrations = new Orchestrations(host);
        await orchestrations.ScheduleAsync("RunsSlowActivity", name);
        var runs = await host.Notes.UntilAsync($"runs-{name}", 2);
        Assert.NotEqual(runs[0], runs[1]);
        host.Notes.Add($"open-{name}");
        Assert.Equal("open", (await orchestrations.UntilEndedAsync(name)).Output);
    }

    [Fact]
    public async Task A_timer_that_hangs_is_run_again_on_a_new_worker()
    {
        host.Notes.Add("hold-tick");
        var held = (await host.Notes.UntilAsync("ticks", lines => lines.Any(IsHeld), "a run that hangs")).First(IsHeld);
        await host.Notes.UntilAsync("ticks", lines => lines.Any(line => IsHeld(line) && line != held), "a run on a new worker");
        host.Notes.Remove("hold-tick");
        var lines = await host.Notes.UntilAsync("ticks", lines => lines[^1].StartsWith("end", StringComparison.Ordinal), "a run that ends");
        Assert.DoesNotContain(held.Replace("held", "end", StringComparison.Ordinal), lines.SkipWhile(line => line != held));

        static bool IsHeld(string line) => line.StartsWith("held", StringComparison.Ordinal);
    }

    /// <summary>A host that gives functions five seconds.</summary>
    public sealed class Fixture : HostFixture
    {
        /// <inheritdoc/>
        private protected override void Prepare(HostProgram host)
        {
            host.Settings["AzureFunctionsJobHost__functionTimeout"] = "00:00:05";
            host.Settings["Probe__Schedule"] = "* * * * * *";
        }
    }
}
