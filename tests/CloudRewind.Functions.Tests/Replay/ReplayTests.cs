using CloudRewind.Functions.Orchestrations.ProtectionLifecycle;
using Google.Protobuf;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Protobuf;

namespace CloudRewind.Functions.Tests.Replay;

/// <summary>
/// Orchestrations are in flight for weeks, and a new version of the app goes on with the histories of the old one. What the engine asked of a
/// released version is asked of today's code: a change that it cannot follow needs an orchestrator of another name.
/// </summary>
public sealed class ReplayTests
{
    private static readonly string[] Names =
        [.. Directory.EnumerateFiles(RecordedRequest.Folder, "*.json").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Requests => [.. Names];

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_recorded_history_is_followed_by_todays_code_to_the_same_decision(string name)
    {
        var recorded = RecordedRequest.Read(name);

        var today = recorded.Replay();

        Assert.Equal(recorded.Decided().Actions, today.Actions);
        Assert.Equal(recorded.Decided().CustomStatus, today.CustomStatus);
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_history_that_todays_code_would_not_make_is_told_from_one_that_it_would(string name)
    {
        var recorded = RecordedRequest.Read(name);
        var changed = recorded.Asked();
        changed.PastEvents.First(past => past.TaskScheduled is not null).TaskScheduled.Name = "SomethingElse";

        var today = (recorded with { Request = Convert.ToBase64String(changed.ToByteArray()) }).Replay();

        var ending = today.Actions[^1].CompleteOrchestration;
        Assert.Equal(OrchestrationStatus.Failed, ending.OrchestrationStatus);
        Assert.Contains("SomethingElse", ending.FailureDetails.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void The_histories_lead_through_every_activity_of_both_orchestrators()
    {
        var called = Names.Select(RecordedRequest.Read)
            .SelectMany(recorded => recorded.Asked().PastEvents)
            .Where(past => past.TaskScheduled is not null)
            .Select(past => past.TaskScheduled.Name)
            .ToHashSet();

        var all = typeof(LifecycleOrchestrator).Assembly.GetTypes()
            .Where(type => type.GetMethods().Any(method => method.GetParameters().Any(parameter => parameter.IsDefined(typeof(ActivityTriggerAttribute), false))))
            .Select(type => type.Name);
        Assert.All(all, activity => Assert.Contains(activity, called));
    }
}
