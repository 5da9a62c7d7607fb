using System.Net;
using CloudRewind.FunctionsHost.Tests.Support;
using CloudRewind.TestSupport;

namespace CloudRewind.FunctionsHost.Tests.Stopping;

/// <summary>The host is asked to stop.</summary>
[Collection(OwnHosts.Name)]
public sealed class StopTests(StorageFixture storage)
{
    private const string NoSignals = "Windows has no signals.";

    [SkippableTheory]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("HUP")]
    public async Task A_request_that_waits_is_told_and_answers_before_host_and_worker_end(string signal)
    {
        Skip.If(OperatingSystem.IsWindows(), NoSignals);
        using var host = new HostProgram(storage.ConnectionString);
        await host.StartAsync();
        var waiting = host.Client.GetAsync("api/waits/stop");
        await host.Notes.UntilAsync("runs-stop");
        await host.SignalAsync(signal);

        using var answer = await waiting;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("told to end", await answer.Content.ReadAsStringAsync());
        Assert.Equal(0, await host.ExitAsync());
        await HostProgram.UntilGoneAsync(host.WorkerId);
    }

    [SkippableFact]
    public async Task A_request_that_never_ends_does_not_keep_the_host()
    {
        Skip.If(OperatingSystem.IsWindows(), NoSignals);
        using var host = new HostProgram(storage.ConnectionString);
        await host.StartAsync();
        var hanging = host.Client.GetAsync("api/hangs/stop");
        await host.Notes.UntilAsync("runs-stop");
        await host.SignalAsync("TERM");
        Assert.Equal(0, await host.ExitAsync());
        await HostProgram.UntilGoneAsync(host.WorkerId);
        await Assert.ThrowsAnyAsync<HttpRequestException>(async () => (await hanging).EnsureSuccessStatusCode());
    }

    [SkippableFact]
    public async Task A_timer_that_is_cancelled_because_the_host_stops_is_not_reported_as_one_that_cannot_be_kept()
    {
        Skip.If(OperatingSystem.IsWindows(), NoSignals);
        using var host = new HostProgram(storage.ConnectionString);
        host.Settings["Probe__Schedule"] = "* * * * * *";
        host.Notes.Add("hold-tick");
        await host.StartAsync();
        await host.Notes.UntilAsync(
            "ticks", lines => lines is [.., var last] && last.StartsWith("held", StringComparison.Ordinal), "a run that waits");
        await host.SignalAsync("INT");

        Assert.Equal(0, await host.ExitAsync());
        Assert.DoesNotContain("cannot be kept", host.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task The_last_line_says_that_it_has_stopped()
    {
        Skip.If(OperatingSystem.IsWindows(), NoSignals);
        using var host = new HostProgram(storage.ConnectionString);
        await host.StartAsync();
        await host.SignalAsync("INT");

        Assert.Equal(0, await host.ExitAsync());
        Assert.Matches("^2[0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z info HostService: Stopped$", host.Output.Split('\n')[^1]);
    }

    [SkippableFact]
    public async Task Ctrl_C_in_a_terminal_reaches_the_host_alone_and_the_worker_answers_what_is_open()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "The program setsid is Linux's.");
        using var host = new HostProgram(storage.ConnectionString);
        host.Launch("setsid"); // a process group of its own, as in a terminal
        await host.ReadyAsync();
        var waiting = host.Client.GetAsync("api/waits/stop");
        await host.Notes.UntilAsync("runs-stop");
        await AppProgram.SignalAsync("INT", -host.ProcessId);

        Assert.Equal("told to end", await (await waiting).Content.ReadAsStringAsync());
        Assert.Equal(0, await host.ExitAsync());
        await HostProgram.UntilGoneAsync(host.WorkerId);
    }
}
