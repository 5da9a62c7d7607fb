using System.Net;
using System.Net.Http.Json;
using CloudRewind.LocalRuntime.Tests.Conformance.Support;

namespace CloudRewind.LocalRuntime.Tests.Conformance;

[Collection(ConformanceSuite.Name)]
public sealed class ClientTests(ConformanceApp app)
{
    [Fact]
    public async Task Starting_an_instance_id_that_is_running_is_refused_and_changes_nothing()
    {
        var id = await app.Client.StartAsync("EndsAsTold", "first");
        await IsRefused();
        await app.Client.UntilAsync(id, i => i.Status == "Running");
        await IsRefused();
        Assert.Equal("\"first\"", (await app.Client.FindAsync(id))!.Input);

        async Task IsRefused()
        {
            using var response = await app.Client.TryStartAsync("EndsAsTold", "second", id);
            Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        }
    }

    [Theory]
    [InlineData("Completed")]
    [InlineData("Failed")]
    [InlineData("Terminated")]
    public async Task An_instance_id_that_has_ended_starts_anew_from_the_beginning(string how)
    {
        var id = await app.Client.StartAsync("EndsAsTold", how);
        if (how == "Terminated")
            await app.Client.TerminateAsync(id, "enough");
        Assert.Equal(how, (await app.Client.EndOfAsync(id)).Status);

        var end = await app.Client.RunAsync("ActivityResult", "anew", id);
        Assert.Equal(("ActivityResult", "\"anew\"", "\"anew\""), (end.Name, end.Input, end.Output));
        Assert.Null(end.Failure);
    }

    [Fact]
    public async Task Without_an_instance_id_one_is_made_up()
    {
        using var response = await app.Client.TryStartAsync("ActivityResult", "hello", null);
        var id = await response.Content.ReadFromJsonAsync<string>();
        Assert.Equal("hello", ConformanceClient.Output<string>(await app.Client.EndOfAsync(id!)));
    }

    [Fact]
    public async Task An_instance_id_may_hold_colons_blanks_and_per_cent_signs()
    {
        var id = $"{ConformanceClient.NewId()}:b c%2F'd'";
        Assert.Equal("hello", await app.Client.OutputOfAsync<string>("ActivityResult", "hello", id));
        Assert.Equal(id, (await app.Client.FindAsync(id))!.InstanceId);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("@a")]
    [InlineData("a\u0001")]
    public async Task An_instance_id_that_cannot_be_one_is_refused(string id)
    {
        using var response = await app.Client.TryStartAsync("ActivityResult", "hello", id);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
    }

    [Fact]
    public async Task An_orchestrator_that_does_not_exist_is_not_started()
    {
        var id = ConformanceClient.NewId();
        using var response = await app.Client.TryStartAsync("Nothing", null, id);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Null(await app.Client.FindAsync(id));
    }

    [Fact]
    public async Task An_unknown_instance_is_null_and_takes_no_event_and_no_termination()
    {
        var id = ConformanceClient.NewId();
        Assert.Null(await app.Client.FindAsync(id));
        await IsRefusedAsync(app.Client.TryRaiseAsync(id, "Go"));
        await IsRefusedAsync(app.Client.TryTerminateAsync(id));
        Assert.Equal(0, await app.Client.PurgeAsync(id));
    }

    [Fact]
    public async Task A_finished_instance_takes_no_event_and_no_termination_and_stays_as_it_is()
    {
        var id = ConformanceClient.NewId();
        var end = await app.Client.RunAsync("ActivityResult", "hello", id);
        await IsRefusedAsync(app.Client.TryRaiseAsync(id, "Go"));
        await IsRefusedAsync(app.Client.TryTerminateAsync(id));
        Assert.Equal(end, await app.Client.FindAsync(id));
    }

    [Fact]
    public async Task A_finished_instance_can_be_purged_and_is_gone()
    {
        var id = ConformanceClient.NewId();
        await app.Client.RunAsync("ActivityResult", "hello", id);
        Assert.Equal(1, await app.Client.PurgeAsync(id));
        Assert.Null(await app.Client.FindAsync(id));
        Assert.Equal("again", await app.Client.OutputOfAsync<string>("ActivityResult", "again", id));
    }

    [Fact]
    public async Task A_running_instance_is_not_purged()
    {
        var id = await app.Client.StartAsync("OneEvent");
        await app.Client.UntilStatusAsync(id, "waits");
        await IsRefusedAsync(app.Client.TryPurgeAsync(id));
        Assert.Equal("Running", (await app.Client.FindAsync(id))!.Status);
    }

    [Fact]
    public async Task Termination_gives_the_output_and_drops_what_an_activity_still_returns()
    {
        var gate = ConformanceClient.NewId("gate");
        var id = await app.Client.StartAsync("WaitsForGate", gate);
        await app.Client.UntilBegunAsync(gate);
        await app.Client.TerminateAsync(id, "enough");
        var end = await app.Client.EndOfAsync(id);
        Assert.Equal(("Terminated", "\"enough\""), (end.Status, end.Output));

        // The next start of the id must not take the result of the first one's activity.
        await app.Client.StartAsync("OneEvent", null, id);
        await app.Client.OpenAsync(gate);
        await app.Client.RaiseAsync(id, "Go", "the second");
        Assert.Equal("the second", ConformanceClient.Output<string>(await app.Client.EndOfAsync(id)));
    }

    [Fact]
    public async Task A_query_without_a_filter_finds_every_instance_in_whatever_state()
    {
        var ended = ConformanceClient.NewId();
        await app.Client.RunAsync("ActivityResult", "hello", ended);
        var waiting = await app.Client.StartAsync("OneEvent");
        await app.Client.UntilStatusAsync(waiting, "waits");
        var found = await app.Client.AllAsync();
        Assert.Equal("Completed", Assert.Single(found, i => i.InstanceId == ended).Status);
        Assert.Equal("Running", Assert.Single(found, i => i.InstanceId == waiting).Status);
    }

    [Fact]
    public async Task Payloads_are_read_only_when_they_are_asked_for()
    {
        var id = ConformanceClient.NewId();
        await app.Client.RunAsync("ExceptionThatLeaves", "hello", id);
        var end = (await app.Client.FindAsync(id, payloads: false))!;
        Assert.Equal(("Failed", null, null), (end.Status, end.Input, end.Output));
        Assert.Null(end.Failure);
    }

    [Fact]
    public async Task Times_tell_when_it_was_started_and_when_its_last_step_was()
    {
        var id = await app.Client.StartAsync("OneEvent");
        var waiting = await app.Client.UntilStatusAsync(id, "waits");
        await app.Client.RaiseAsync(id, "Go");
        var end = await app.Client.EndOfAsync(id);
        Assert.Equal(waiting.CreatedAt, end.CreatedAt);
        Assert.True(end.CreatedAt <= waiting.LastUpdatedAt && waiting.LastUpdatedAt < end.LastUpdatedAt);
    }

    private static async Task IsRefusedAsync(Task<HttpResponseMessage> request)
    {
        using var response = await request;
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
    }
}
