using System.Net;
using CloudRewind.FunctionsHost.Tests.Support;

namespace CloudRewind.FunctionsHost.Tests.Engine;

/// <summary>What an app may expect of the Durable engine: it is Microsoft's own, so that this holds in Azure too.</summary>
[Collection(SharedHost.Name)]
public sealed class EngineTests(HostFixture fixture)
{
    private readonly Orchestrations _orchestrations = new(fixture.Host);
    private readonly string _id = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task An_activity_that_fails_is_run_again_and_its_result_is_the_last_runs()
    {
        await _orchestrations.ScheduleAsync("RetriesActivity", _id);
        Assert.Equal("3 runs", (await _orchestrations.UntilEndedAsync(_id)).Output);
    }

    [Fact]
    public async Task The_message_of_a_failed_activity_reaches_the_orchestrator()
    {
        await _orchestrations.ScheduleAsync("CatchesFailure", _id);
        Assert.Equal($"No luck for {_id}.", (await _orchestrations.UntilEndedAsync(_id)).Output);
    }

    [Fact]
    public async Task The_type_of_what_an_activity_threw_reaches_the_orchestrator()
    {
        await _orchestrations.ScheduleAsync("NamesFailure", _id);
        Assert.Equal("System.InvalidOperationException", (await _orchestrations.UntilEndedAsync(_id)).Output);
    }

    [Fact]
    public async Task The_message_of_a_failed_activity_is_in_the_failure_of_the_orchestration()
    {
        await _orchestrations.ScheduleAsync("FailsItself", _id);
        var ended = await _orchestrations.UntilEndedAsync(_id);
        Assert.Equal("Failed", ended.Status);
        Assert.Contains($"No luck for {_id}.", ended.Output, StringComparison.Ordinal);
        Assert.Null(ended.Failure); // The engine's client gives no details of it.
    }

    [Fact]
    public async Task An_id_that_runs_cannot_be_scheduled_again()
    {
        await _orchestrations.ScheduleAsync("WaitsForEvent", _id);
        await _orchestrations.UntilRunningAsync(_id);
        using var answer = await fixture.Host.Client.PutAsync($"api/orchestrations/WaitsForEvent/{_id}", null);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.StartsWith("DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException: ", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_id_that_has_ended_starts_anew()
    {
        for (var run = 1; run <= 2; run++)
        {
            await _orchestrations.ScheduleAsync("WaitsForEvent", _id);
            await _orchestrations.UntilRunningAsync(_id);
            await _orchestrations.RaiseAsync(_id, "go", $"{run}");
            Assert.Equal($"{run}", (await _orchestrations.UntilEndedAsync(_id)).Output);
        }
    }

    [Fact]
    public async Task The_name_of_an_event_may_be_written_in_any_case()
    {
        await _orchestrations.ScheduleAsync("WaitsForEvent", _id);
        await _orchestrations.RaiseAsync(_id, "GO", "heard");
        Assert.Equal("heard", (await _orchestrations.UntilEndedAsync(_id)).Output);
    }

    [Fact]
    public async Task Events_that_nobody_waited_for_are_kept_when_an_orchestration_begins_anew()
    {
        await _orchestrations.ScheduleAsync("CollectsEvents", _id);
        await _orchestrations.RaiseAsync(_id, "add", "a");
        await _orchestrations.RaiseAsync(_id, "add", "b");
        await _orchestrations.RaiseAsync(_id, "add", "c");
        Assert.Equal($"{_id} a b c", (await _orchestrations.UntilEndedAsync(_id)).Output);
    }

    [Fact]
    public async Task An_orchestration_that_begins_anew_keeps_its_custom_status_until_it_ends()
    {
        await _orchestrations.ScheduleAsync("BeginsAnew", _id);
        var first = await _orchestrations.UntilAsync(_id, instance => instance.CustomStatus is "of the first run", "a custom status");
        await _orchestrations.RaiseAsync(_id, "again", "");
        var second = await _orchestrations.UntilAsync(_id, instance => instance.Created > first.Created && instance.Status == "Running", "its second run");
        Assert.Equal("of the first run", second.CustomStatus);

        await _orchestrations.RaiseAsync(_id, "go", "done");
        var ended = await _orchestrations.UntilEndedAsync(_id);
        Assert.Equal(("done", null), (ended.Output, ended.CustomStatus));
    }

    [Fact]
    public async Task A_timer_may_fire_early_but_by_less_than_a_second()
    {
        await _orchestrations.ScheduleAsync("WaitsForTimer", _id);
        Assert.Equal("fired", (await _orchestrations.UntilEndedAsync(_id)).Output);
    }

    [Fact]
    public async Task An_orchestration_that_leaves_a_timer_open_ends_only_once_it_has_fired()
    {
        await _orchestrations.ScheduleAsync("StartsTimer", _id);
        await _orchestrations.RaiseAsync(_id, "go", "leave");
        var ended = await _orchestrations.UntilEndedAsync(_id);
        Assert.True(ended.Updated - ended.Created >= TimeSpan.FromSeconds(3), $"{ended}"); // 4 s, less the second by which timers may be early.
    }

    [Fact]
    public async Task An_orchestration_that_cancels_its_timer_ends()
    {
        await _orchestrations.ScheduleAsync("StartsTimer", _id);
        await _orchestrations.RaiseAsync(_id, "go", "cancel");
        Assert.Equal("cancel", (await _orchestrations.UntilEndedAsync(_id)).Output);
    }
}
