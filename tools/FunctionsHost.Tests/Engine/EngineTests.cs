using System.Net;
using CloudRewind.FunctionsHost.Tests.Support;

namespace CloudRewind.FunctionsHost.Tests.Engine;

/// <summary>What an app may expect of the Durable engine: it is Microsoft's own, so that this holds in Azure too.</summary>
[Collection(SharedHost.Name)]
public sealed class EngineTests(HostFixture fixture)
{
    private readonly Orchestrations orchestrations = new(fixture.Host);
    private readonly string id = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task An_activity_that_fails_is_run_again_and_its_result_is_the_last_runs()
    {
        await orchestrations.ScheduleAsync("RetriesActivity", id);
        Assert.Equal("3 runs", (await orchestrations.UntilEndedAsync(id)).Output);
    }

    [Fact]
    public async Task The_message_of_a_failed_activity_reaches_the_orchestrator()
    {
        await orchestrations.ScheduleAsync("CatchesFailure", id);
        Assert.Equal($"No luck for {id}.", (await orchestrations.UntilEndedAsync(id)).Output);
    }

    [Fact]
    public async Task The_type_of_what_an_activity_threw_reaches_the_orchestrator()
    {
        await orchestrations.ScheduleAsync("NamesFailure", id);
        Assert.Equal("System.InvalidOperationException", (await orchestrations.UntilEndedAsync(id)).Output);
    }

    [Fact]
    public async Task The_message_of_a_failed_activity_is_in_the_failure_of_the_orchestration()
    {
        await orchestrations.ScheduleAsync("FailsItself", id);
        var ended = await orchestrations.UntilEndedAsync(id);
        Assert.Equal("Failed", ended.Status);
        Assert.Contains($"No luck for {id}.", ended.Output, StringComparison.Ordinal);
        Assert.Null(ended.Failure); // the engine's client gives no details of it
    }

    [Fact]
    public async Task An_id_that_runs_cannot_be_scheduled_again()
    {
        await orchestrations.ScheduleAsync("WaitsForEvent", id);
        await orchestrations.UntilRunningAsync(id);
        using var answer = await fixture.Host.Client.PutAsync($"api/orchestrations/WaitsForEvent/{id}", null);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.StartsWith(
            "DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException: ",
            await answer.Content.ReadAsStringAsync(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_id_that_has_ended_starts_anew()
    {
        for (var run = 1; run <= 2; run++)
        {
            await orchestrations.ScheduleAsync("WaitsForEvent", id);
            await orchestrations.UntilRunningAsync(id);
            await orchestrations.RaiseAsync(id, "go", $"{run}");
            Assert.Equal($"{run}", (await orchestrations.UntilEndedAsync(id)).Output);
        }
    }

    [Fact]
    public async Task The_name_of_an_event_may_be_written_in_any_case()
    {
        await orchestrations.ScheduleAsync("WaitsForEvent", id);
        await orchestrations.RaiseAsync(id, "GO", "heard");
        Assert.Equal("heard", (await orchestrations.UntilEndedAsync(id)).Output);
    }

    [Fact]
    public async Task Events_that_nobody_waited_for_are_kept_when_an_orchestration_begins_anew()
    {
        await orchestrations.ScheduleAsync("CollectsEvents", id);
        await orchestrations.RaiseAsync(id, "add", "a");
        await orchestrations.RaiseAsync(id, "add", "b");
        await orchestrations.RaiseAsync(id, "add", "c");
        Assert.Equal($"{id} a b c", (await orchestrations.UntilEndedAsync(id)).Output);
    }

    [Fact]
    public async Task An_orchestration_that_begins_anew_keeps_its_custom_status_until_it_ends()
    {
        await orchestrations.ScheduleAsync("BeginsAnew", id);
        var first = await orchestrations.UntilAsync(id, instance => instance.CustomStatus is "of the first run", "a custom status");
        await orchestrations.RaiseAsync(id, "again", "");
        var second = await orchestrations.UntilAsync(
            id, instance => instance.Created > first.Created && instance.Status == "Running", "its second run");
        Assert.Equal("of the first run", second.CustomStatus);

        await orchestrations.RaiseAsync(id, "go", "done");
        var ended = await orchestrations.UntilEndedAsync(id);
        Assert.Equal(("done", null), (ended.Output, ended.CustomStatus));
    }

    [Fact]
    public async Task A_timer_may_fire_early_but_by_less_than_a_second()
    {
        await orchestrations.ScheduleAsync("WaitsForTimer", id);
        Assert.Equal("fired", (await orchestrations.UntilEndedAsync(id)).Output);
    }

    [Fact]
    public async Task An_orchestration_that_leaves_a_timer_open_ends_only_once_it_has_fired()
    {
        await orchestrations.ScheduleAsync("StartsTimer", id);
        await orchestrations.RaiseAsync(id, "go", "leave");
        var ended = await orchestrations.UntilEndedAsync(id);
        // 4 s, less the second by which timers may be early.
        Assert.True(ended.Updated - ended.Created >= TimeSpan.FromSeconds(3), $"{ended}");
    }

    [Fact]
    public async Task An_orchestration_that_cancels_its_timer_ends()
    {
        await orchestrations.ScheduleAsync("StartsTimer", id);
        await orchestrations.RaiseAsync(id, "go", "cancel");
        Assert.Equal("cancel", (await orchestrations.UntilEndedAsync(id)).Output);
    }
}
