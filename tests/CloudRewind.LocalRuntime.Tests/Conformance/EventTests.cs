using CloudRewind.LocalRuntime.Tests.Conformance.Support;

namespace CloudRewind.LocalRuntime.Tests.Conformance;

[Collection(ConformanceSuite.Name)]
public sealed class EventTests(ConformanceApp app)
{
    [Fact]
    public async Task An_event_that_comes_after_the_wait_has_begun_ends_it()
    {
        var id = await app.Client.StartAsync("OneEvent");
        await app.Client.UntilStatusAsync(id, "waits");
        await app.Client.RaiseAsync(id, "Go", "came");
        Assert.Equal("came", ConformanceClient.Output<string>(await app.Client.EndOfAsync(id)));
    }

    [Fact]
    public async Task Events_that_come_before_the_wait_are_kept_in_order()
    {
        var id = await app.Client.StartAsync("EventsAfterAnother", 3);
        foreach (var number in new[] { 1, 2, 3 })
            await app.Client.RaiseAsync(id, "Number", number);
        await app.Client.UntilStatusAsync(id, "waits");
        await app.Client.RaiseAsync(id, "Go");
        Assert.Equal([1, 2, 3], ConformanceClient.Output<List<int>>(await app.Client.EndOfAsync(id)));
    }

    [Fact]
    public async Task An_event_that_is_raised_twice_comes_twice()
    {
        var id = await app.Client.StartAsync("EventsAfterAnother", 2);
        await app.Client.RaiseAsync(id, "Number", 7);
        await app.Client.RaiseAsync(id, "Number", 7);
        await app.Client.RaiseAsync(id, "Go");
        Assert.Equal([7, 7], ConformanceClient.Output<List<int>>(await app.Client.EndOfAsync(id)));
    }

    [Fact]
    public async Task The_names_of_events_have_no_case()
    {
        var id = await app.Client.StartAsync("EventsAfterAnother", 2);
        await app.Client.RaiseAsync(id, "nUmBeR", 1);
        await app.Client.UntilStatusAsync(id, "waits");
        await app.Client.RaiseAsync(id, "GO");
        await app.Client.RaiseAsync(id, "NUMBER", 2);
        Assert.Equal([1, 2], ConformanceClient.Output<List<int>>(await app.Client.EndOfAsync(id)));
    }

    [Fact]
    public async Task An_event_that_nobody_waits_for_is_kept_and_disturbs_nothing()
    {
        var id = await app.Client.StartAsync("OneEvent");
        await app.Client.RaiseAsync(id, "Other", "not this");
        await app.Client.UntilStatusAsync(id, "waits");
        await app.Client.RaiseAsync(id, "Another", "nor this");
        Assert.Equal("Running", (await app.Client.FindAsync(id))!.Status);
        await app.Client.RaiseAsync(id, "Go", "this");
        Assert.Equal("this", ConformanceClient.Output<string>(await app.Client.EndOfAsync(id)));
    }

    [Fact]
    public async Task Of_two_waiters_the_latest_gets_the_event()
    {
        var id = await app.Client.StartAsync("TwoWaiters");
        await app.Client.UntilStatusAsync(id, "waits");
        await app.Client.RaiseAsync(id, "Number", 7);
        await app.Client.UntilStatusAsync(id, "second 7");
        await app.Client.RaiseAsync(id, "Number", 8);
        Assert.Equal("first 8", ConformanceClient.Output<string>(await app.Client.EndOfAsync(id)));
    }

    [Fact]
    public async Task Two_waiters_for_one_name_that_expect_different_types_fail_the_orchestration()
    {
        var end = await app.Client.RunAsync("TwoTypes");
        Assert.Equal("Failed", end.Status);
        Assert.True(end.Failure!.IsCausedByArgumentException, end.Output);
    }

    [Fact]
    public async Task A_wait_with_a_time_out_is_cancelled_and_a_later_event_goes_to_the_next_wait()
    {
        var id = await app.Client.StartAsync("TimeOut");
        await app.Client.UntilStatusAsync(id, "timed out");
        await app.Client.RaiseAsync(id, "Number", 5);
        Assert.Equal(5, ConformanceClient.Output<int>(await app.Client.EndOfAsync(id)));
    }

    [Fact]
    public async Task An_event_in_time_ends_a_wait_with_a_time_out_and_its_timer()
    {
        var id = await app.Client.StartAsync("InTime");
        await app.Client.RaiseAsync(id, "Number", 5);
        Assert.Equal(5, ConformanceClient.Output<int>(await app.Client.EndOfAsync(id)));
    }

    [Fact]
    public async Task An_event_without_payload_gives_the_default()
    {
        var id = await app.Client.StartAsync("InTime");
        await app.Client.RaiseAsync(id, "Number");
        Assert.Equal(0, ConformanceClient.Output<int>(await app.Client.EndOfAsync(id)));
    }

    [Fact]
    public async Task A_hundred_events_at_once_all_arrive()
    {
        var id = await app.Client.StartAsync("SumOfEvents", 100);
        await Task.WhenAll(Enumerable.Range(1, 100).Select(n => app.Client.RaiseAsync(id, "Number", n)));
        Assert.Equal(5050, ConformanceClient.Output<int>(await app.Client.EndOfAsync(id)));
    }
}
