using CloudRewind.LocalRuntime.Tests.Conformance.Support;

namespace CloudRewind.LocalRuntime.Tests.Conformance;

[Collection(ConformanceSuite.Name)]
public sealed class SubOrchestrationTests(ConformanceApp app)
{
    [Fact]
    public async Task A_sub_orchestration_gives_its_output_and_is_an_instance_of_the_chosen_id()
    {
        var id = ConformanceClient.NewId();
        Assert.Equal($"hello you from {id}-child", await app.Client.OutputOfAsync<string>("Parent", "you", id));
        var child = await app.Client.FindAsync($"{id}-child");
        Assert.Equal(("Child", "Completed", "\"you\""), (child!.Name, child.Status, child.Input));
    }

    [Fact]
    public async Task A_sub_orchestration_may_call_another()
    {
        var id = ConformanceClient.NewId();
        Assert.Equal($"it said: hello you from {id}-parent-child", await app.Client.OutputOfAsync<string>("Grandparent", null, id));
    }

    [Fact]
    public async Task Without_a_chosen_id_each_has_one_of_its_own() =>
        Assert.Equal(50, await app.Client.OutputOfAsync<int>("ManyChildren", 50));

    [Fact]
    public async Task A_failure_carries_its_type_and_message()
    {
        var failure = await app.Client.OutputOfAsync<FailureSeen>("ParentOfFailing");
        Assert.Equal(("FailingChild", 0), (failure.TaskName, failure.TaskId));
        Assert.Equal(("System.InvalidOperationException", "no", true, false), (failure.ErrorType, failure.ErrorMessage, failure.IsInvalidOperation, failure.IsArgument));
    }

    [Fact]
    public async Task An_orchestrator_that_does_not_exist_fails_the_call()
    {
        var failure = await app.Client.OutputOfAsync<FailureSeen>("ParentOfNone");
        Assert.Equal("Nothing", failure.TaskName);
    }

    [Fact]
    public async Task A_terminated_sub_orchestration_fails_the_call()
    {
        var id = await app.Client.StartAsync("ParentOfWaiting");
        await app.Client.UntilStatusAsync($"{id}-child", "waits");
        await app.Client.TerminateAsync($"{id}-child", "enough");
        Assert.Equal("failed: OneEvent", ConformanceClient.Output<string>(await app.Client.EndOfAsync(id)));
    }

    [Fact]
    public async Task Termination_does_not_reach_sub_orchestrations()
    {
        var id = await app.Client.StartAsync("ParentOfWaiting");
        await app.Client.UntilStatusAsync($"{id}-child", "waits");
        await app.Client.TerminateAsync(id, "enough");
        Assert.Equal("Terminated", (await app.Client.EndOfAsync(id)).Status);
        await app.Client.RaiseAsync($"{id}-child", "Go", "on its own");
        Assert.Equal("on its own", ConformanceClient.Output<string>(await app.Client.EndOfAsync($"{id}-child")));
    }
}
