using CloudRewind.LocalRuntime.Tests.Conformance.Support;

namespace CloudRewind.LocalRuntime.Tests.Conformance;

[Collection(ConformanceSuite.Name)]
public sealed class ActivityTests(ConformanceApp app)
{
    [Fact]
    public async Task An_activity_gives_its_result() =>
        Assert.Equal("hello", await app.Client.OutputOfAsync<string>("ActivityResult", "hello"));

    [Fact]
    public async Task An_activity_without_a_result_gives_the_default() =>
        Assert.Equal("none", await app.Client.OutputOfAsync<string>("ActivityWithoutResult"));

    [Fact]
    public async Task A_failure_names_task_number_and_message()
    {
        var failure = await app.Client.OutputOfAsync<FailureSeen>("ActivityFailure");
        Assert.Equal("Task 'Fail' (#0) failed with an unhandled exception: boom 1", failure.Message);
        Assert.Equal(("Fail", 0, "boom 1"), (failure.TaskName, failure.TaskId, failure.ErrorMessage));
    }

    [Fact]
    public async Task The_type_of_what_an_activity_threw_is_not_known_to_its_caller()
    {
        var failure = await app.Client.OutputOfAsync<FailureSeen>("ActivityFailure");
        Assert.Equal(("(unknown)", false, false), (failure.ErrorType, failure.IsInvalidOperation, failure.IsArgument));
    }

    [Fact]
    public async Task An_orchestration_goes_on_after_a_failure_that_it_caught() =>
        Assert.Equal("went on", await app.Client.OutputOfAsync<string>("ActivityAfterAFailure"));

    [Fact]
    public async Task An_activity_that_fails_and_that_nobody_catches_fails_the_orchestration()
    {
        var end = await app.Client.RunAsync("ActivityFailureThatNobodyCatches");
        Assert.Equal("Failed", end.Status);
        Assert.Contains("Task 'Fail' (#0) failed with an unhandled exception: boom 2", end.Failure!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_activity_that_does_not_exist_fails_the_call_like_any_other()
    {
        var failure = await app.Client.OutputOfAsync<FailureSeen>("ActivityThatDoesNotExist");
        Assert.StartsWith("Task 'Nothing' (#0) failed", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exception_that_leaves_the_orchestrator_fails_it_with_its_type_and_message()
    {
        var end = await app.Client.RunAsync("ExceptionThatLeaves");
        Assert.Equal(("Failed", "System.ArgumentException: left the orchestrator"), (end.Status, end.Output));
        Assert.Equal(("System.ArgumentException", "left the orchestrator", true), (end.Failure!.ErrorType, end.Failure.ErrorMessage, end.Failure.IsCausedByArgumentException));
    }
}
