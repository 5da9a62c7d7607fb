using System.Net;
using CloudRewind.LocalHost.Tests.Support;

namespace CloudRewind.LocalHost.Tests.Timeouts;

/// <summary>functionTimeout: what outlives it has failed, and the worker in which it still runs is replaced.</summary>
public sealed class FunctionTimeoutTests(FunctionTimeoutTests.Fixture fixture) : IClassFixture<FunctionTimeoutTests.Fixture>
{
    private readonly HostProgram _host = fixture.Host;
    private readonly string _name = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task A_request_whose_function_hangs_gets_504_and_the_next_a_new_worker()
    {
        using var answer = await _host.Client.GetAsync($"api/hangs/{_name}");
        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        var hung = int.Parse(_host.Notes.Lines($"runs-{_name}")[0], System.Globalization.CultureInfo.InvariantCulture);
        await HostProgram.UntilGoneAsync(hung);
        Assert.NotEqual($"{hung}", await _host.Client.GetStringAsync("api/process"));
    }

    [Fact]
    public async Task An_activity_that_hangs_is_run_again_on_a_new_worker()
    {
        var orchestrations = new Orchestrations(_host);
        await orchestrations.ScheduleAsync("RunsSlowActivity", _name);
        var runs = await _host.Notes.UntilAsync($"runs-{_name}", 2);
        Assert.NotEqual(runs[0], runs[1]);
        _host.Notes.Add($"open-{_name}");
        Assert.Equal("open", (await orchestrations.UntilEndedAsync(_name)).Output);
    }

    [Fact]
    public async Task A_timer_that_hangs_is_run_again_on_a_new_worker()
    {
        _host.Notes.Add("hold-tick");
        var held = (await _host.Notes.UntilAsync("ticks", lines => lines is [.., var last] && last.StartsWith("begin", StringComparison.Ordinal), "a run that hangs"))[^1];
        var worker = held.Split(' ')[1];
        await _host.Notes.UntilAsync("ticks", lines => lines[^1] != held && lines[^1].StartsWith("begin", StringComparison.Ordinal) && lines[^1].Split(' ')[1] != worker, "a run on a new worker");
        _host.Notes.Remove("hold-tick");
        await _host.Notes.UntilAsync("ticks", lines => lines[^1].StartsWith("end", StringComparison.Ordinal), "a run that ends");
        Assert.DoesNotContain($"end {worker}", _host.Notes.Lines("ticks").SkipWhile(line => line != held));
    }

    /// <summary>A host that gives functions two seconds.</summary>
    public sealed class Fixture : HostFixture
    {
        /// <inheritdoc/>
        private protected override void Prepare(HostProgram host)
        {
            host.Settings["AzureFunctionsJobHost__functionTimeout"] = "00:00:02";
            host.Settings["Probe__Schedule"] = "* * * * * *";
        }
    }
}
