using CloudRewind.Functions.Orchestration;
using CloudRewind.LocalRuntime.Durable.Replay;
using CloudRewind.LocalRuntime.Durable.Storage;
using CloudRewind.LocalRuntime.Functions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudRewind.Functions.Tests.Replay;

/// <summary>
/// Orchestrations are in flight for weeks, and a new version of the app goes on with the histories of the old one. Every history that a
/// released version recorded is replayed by today's code: a change that it cannot follow needs an orchestrator of another name.
/// </summary>
public sealed class ReplayTests
{
    private static readonly string[] Names =
        [.. Directory.EnumerateFiles(RecordedHistory.Folder, "*.json").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Histories => [.. Names];

    [Theory]
    [MemberData(nameof(Histories))]
    public async Task A_recorded_history_is_followed_by_todays_code(string name)
    {
        var outcome = await ReplayAsync(RecordedHistory.Read(name));

        Assert.True(outcome.Ending is null, outcome.Ending?.Payload);
    }

    [Fact]
    public void The_histories_lead_through_every_phase_of_both_orchestrators()
    {
        var activities = Names.Select(RecordedHistory.Read)
            .SelectMany(history => history.Turns)
            .SelectMany(turn => turn.Actions)
            .Select(action => action.Name)
            .ToHashSet();

        var all = typeof(ProtectionLifecycle).Assembly.GetTypes()
            .Where(type => type.Namespace == "CloudRewind.Functions.Orchestration.Activities" && type is { IsPublic: true, IsAbstract: false } && type.GetMethod("Run") is not null)
            .Select(type => type.Name);
        Assert.All(all, activity => Assert.Contains(activity, activities));
    }

    [Fact]
    public async Task A_history_that_todays_code_would_not_make_is_told_from_one_that_it_would()
    {
        var history = RecordedHistory.Read(Names[0]);
        var first = history.Turns[0];
        var changed = history with { Turns = [first with { Actions = [first.Actions[0] with { Name = "SomethingElse" }] }, .. history.Turns.Skip(1)] };

        var outcome = await ReplayAsync(changed);

        Assert.Contains("SomethingElse", outcome.Ending!.Payload, StringComparison.Ordinal);
    }

    private static async Task<ReplayOutcome> ReplayAsync(RecordedHistory history)
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        var replayer = new Replayer(
            FunctionCatalog.Find(typeof(ProtectionLifecycle).Assembly.GetTypes()),
            new FunctionInvoker([]),
            services.GetRequiredService<IServiceScopeFactory>(),
            NullLoggerFactory.Instance);
        var row = new InstanceRow
        {
            InstanceId = history.InstanceId,
            Name = history.Orchestrator,
            CreatedAt = history.Turns[0].At,
            UpdatedAt = history.Turns[^1].At,
            StartId = "start",
            RunId = "run",
            Turns = history.Turns.Count,
        };
        return await replayer.RunAsync(row, history.Start, history.Turns, received: null, history.Turns[^1].At, CancellationToken.None);
    }
}
