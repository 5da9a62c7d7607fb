using CloudRewind.LocalRuntime.Tests.Conformance.Support;

namespace CloudRewind.LocalRuntime.Tests.Conformance;

[Collection(ConformanceSuite.Name)]
public sealed class ReplayTests(ConformanceApp app)
{
    [Fact]
    public async Task Time_and_ids_are_the_same_on_every_replay_and_ids_are_no_others()
    {
        var id = ConformanceClient.NewId();
        await app.Client.RunAsync("TimeAndIds", null, id);
        var seen = await app.Client.NotesAsync(id);
        Assert.True(seen.Count > 3, "It was not replayed.");
        var steps = seen.Distinct().Select(s => s.Split('|')).ToList();
        Assert.Equal(["0", "1", "2"], steps.Select(s => s[0]));
        Assert.Equal(steps.Select(s => s[1]), steps.Select(s => s[1]).Order(StringComparer.Ordinal));
        var ids = steps.SelectMany(s => s[2..]).Select(Guid.Parse).ToList();
        Assert.Equal(6, ids.Distinct().Count());
        Assert.All(ids, i => Assert.Equal(5, i.Version));
    }

    [Fact]
    public async Task Each_step_runs_once_without_being_a_replay()
    {
        var id = ConformanceClient.NewId();
        await app.Client.RunAsync("Replays", null, id);
        var seen = await app.Client.NotesAsync(id);
        Assert.Contains("begins True", seen);
        Assert.Equal(["begins False", "goes on False", "ends False"], seen.Where(s => s.EndsWith("False", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_replay_safe_line_is_written_once()
    {
        var id = ConformanceClient.NewId();
        await app.Client.RunAsync("Logs", null, id);
        Assert.Equal(["before", "between", "after"], await app.Client.NotesAsync($"Conformance.{id}"));
    }

    [Theory]
    [InlineData("another activity")]
    [InlineData("a timer")]
    [InlineData("nothing")]
    public async Task An_orchestrator_that_does_something_else_on_replay_fails_as_not_deterministic_and_names_what_its_history_holds(string instead)
    {
        var end = await app.Client.RunAsync("Fickle", instead);
        Assert.Equal("Failed", end.Status);
        Assert.Contains("NonDeterministicOrchestrationException", end.Failure!.ErrorType, StringComparison.Ordinal);
        Assert.Contains("'Echo'", end.Failure.ErrorMessage, StringComparison.Ordinal);
    }
}
