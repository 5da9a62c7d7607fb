using System.Globalization;
using System.Text.Json.Nodes;
using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Orchestrations.ProtectionLifecycle;
using CloudRewind.Functions.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using static CloudRewind.Domain.Protections.ProtectionStatus;

namespace CloudRewind.Functions.Tests.Orchestrations;

/// <summary>What is done before the captures begin, and what an orchestration is told of it.</summary>
public sealed class PrepareProtectionTests : IDisposable
{
    private static readonly SnapshotLocation Location = new("Scripted", "eu-central-1", new CloudConnection("arn:aws:iam::123456789012:role/cloud-rewind", null));

    private readonly CancellationTokenSource stopping = new();
    private readonly ProtectionScene scene = new();

    [Fact]
    public async Task In_one_go_it_checks_the_connection_and_finds_the_resources_and_checks_again()
    {
        var prepared = await PrepareAsync();

        Assert.Equal((InProgress, null), (prepared!.Protection.Status, prepared.Obstacle));
        Assert.Equal([Preparing, PreparationCompleted, InProgress], scene.Statuses);
        Assert.Equal(["check", "discover", "check"], scene.Provider.Asked);
        Assert.Equal(new ResourceCounts(2, 0, 0), scene.Row.Counts);
    }

    [Fact]
    public async Task A_repetition_goes_on_where_the_last_one_ended()
    {
        scene.Provider.Discoveries.Clear();
        scene.Provider.Discoveries.Enqueue(ScriptedProvider.Wrong(new StoreUnavailableException("storage does not answer", new IOException())));
        scene.Provider.Discoveries.Enqueue(ScriptedProvider.Found(2));
        await Assert.ThrowsAsync<StoreUnavailableException>(PrepareAsync);

        await PrepareAsync();

        Assert.Equal([Preparing, PreparationCompleted, InProgress], scene.Statuses);
        Assert.Equal(["check", "discover", "discover", "check"], scene.Provider.Asked);
    }

    [Theory]
    [InlineData(InProgress)]
    [InlineData(Success)]
    [InlineData(Elapsed)]
    public async Task One_that_is_past_its_preparation_is_only_read(ProtectionStatus status)
    {
        scene.With(status, TimeSpan.FromDays(1));

        Assert.Equal(scene.Row, (await PrepareAsync())!.Protection);

        Assert.Empty(scene.Provider.Asked);
        Assert.Equal(status == Elapsed, scene.IsOffTheList);
    }

    [Fact]
    public async Task A_connection_that_cannot_be_used_is_not_asked_about_again()
    {
        scene.Provider.ConnectionChecks.Enqueue(new CaptureRefusedException("The role cannot be assumed."));

        Assert.Null((await PrepareAsync())!.Obstacle);

        Assert.Equal((Failed, "The role cannot be assumed."), (scene.Row.Status, scene.Transitions[^1].Reason));
    }

    [Fact]
    public async Task An_assembly_that_is_gone_has_no_connection()
    {
        scene.Assembly.IsGone = true;

        await PrepareAsync();

        Assert.Equal((Failed, "The cloud assembly is gone."), (scene.Row.Status, scene.Transitions[^1].Reason));
    }

    [Fact]
    public async Task Where_the_snapshots_will_be_is_on_record_with_the_first_step_and_a_later_change_of_the_connection_does_not_move_them()
    {
        scene.Provider.Asking = () => scene.Assembly.Definition = scene.Assembly.Definition with { Connection = new CloudConnection("arn:aws:iam::123456789012:role/new", "new") };

        await PrepareAsync();

        Assert.Equal(InProgress, scene.Row.Status);
        Assert.Equal(Location, scene.Row.Location);
        Assert.Equal([scene.Row.Location!], scene.Provider.Locations);
    }

    [Fact]
    public async Task An_assembly_that_moves_while_its_resources_are_gathered_fails_the_protection()
    {
        scene.Provider.Asking = () => scene.Assembly.Definition = scene.Assembly.Definition with { SourceRegion = "us-east-1" };

        await PrepareAsync();

        Assert.Equal(
            (Failed, "The region or the AWS account of the cloud assembly was changed while its resources were being gathered."),
            (scene.Row.Status, scene.Transitions[^1].Reason));
        Assert.Equal(["check"], scene.Provider.Asked);
    }

    [Fact]
    public async Task Once_the_resources_are_on_record_the_assembly_may_move_or_go()
    {
        scene.Provider.Discoveries.Clear();
        scene.Provider.Discoveries.Enqueue(() =>
        {
            scene.Assembly.IsGone = true;
            return ScriptedProvider.Found(2)();
        });

        await PrepareAsync();

        Assert.Equal(InProgress, scene.Row.Status);
        Assert.Equal([scene.Row.Location!], scene.Provider.Locations);
    }

    [Fact]
    public async Task A_provider_that_does_not_answer_is_asked_again_its_own_time_out_included()
    {
        foreach (var error in new Exception[] { new IOException("throttled"), new TaskCanceledException("throttled") })
        {
            scene.Provider.ConnectionChecks.Enqueue(error);

            var prepared = await PrepareAsync();

            Assert.Equal(("The connection could not be checked: throttled", null), (prepared!.Obstacle, prepared.RetryAfter));
            Assert.Empty(scene.Statuses);
        }
    }

    [Fact]
    public async Task A_discovery_that_does_not_end_is_given_up_and_made_again()
    {
        var time = new FakeTimeProvider();
        var asked = new TaskCompletionSource();
        scene.Provider.Hangs = true;
        scene.Provider.Asking = () => asked.TrySetResult();
        scene.Row = scene.Row with { Status = Preparing, Sequence = 1, Location = Location };
        var prepare = scene.PrepareAsync(new LifecycleInput(scene.Row.Id, Actors.Test), stopping.Token, time);
        await asked.Task;

        time.Advance(ProviderCalls.Discovery);

        var prepared = await prepare;
        Assert.Equal("The capture provider did not answer within 00:02:00.", prepared!.Obstacle);
        Assert.NotNull(prepared.RetryAfter);
        Assert.Equal(Preparing, scene.Row.Status);
    }

    [Fact]
    public void An_activity_has_asked_the_provider_long_before_the_host_would_end_it()
    {
        var host = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "host.json")))!;
        var ending = TimeSpan.Parse(host["functionTimeout"]!.GetValue<string>(), CultureInfo.InvariantCulture) - TimeSpan.FromMinutes(1);
        TimeSpan[] activities =
        [
            ProviderCalls.Check + ProviderCalls.Discovery + ProviderCalls.Check,
            ProviderCalls.List + ProviderCalls.Find + ProviderCalls.Beginning + ProviderCalls.Start,
            ProviderCalls.List + ProviderCalls.Beginning + ProviderCalls.Removal + ProviderCalls.Find,
        ];

        Assert.All(activities, activity => Assert.InRange(activity, TimeSpan.FromMinutes(1), ending));
    }

    [Fact]
    public async Task What_passes_is_asked_about_again_and_noted_in_the_row_where_people_see_it()
    {
        scene.Provider.ConnectionChecks.Enqueue(new RetryLaterException("The session has expired.", TimeSpan.FromSeconds(9)));

        var prepared = await PrepareAsync();

        Assert.Equal(("The session has expired.", TimeSpan.FromSeconds(9)), (prepared!.Obstacle, prepared.RetryAfter));
        Assert.Equal("The session has expired.", scene.Row.Progress!.Waiting);
    }

    [Fact]
    public async Task What_a_provider_says_is_cut()
    {
        scene.Provider.ConnectionChecks.Enqueue(new IOException(new string('x', 100_000)));
        Assert.Equal(ReasonText.MaxLength, (await PrepareAsync())!.Obstacle!.Length);

        scene.Provider.ConnectionChecks.Enqueue(new CaptureRefusedException(new string('x', 100_000)));
        await PrepareAsync();
        Assert.Equal(ReasonText.MaxLength, scene.Transitions[^1].Reason.Length);
    }

    [Fact]
    public async Task An_outage_of_storage_and_the_end_of_the_app_are_no_answer_of_the_provider()
    {
        scene.Provider.ConnectionChecks.Enqueue(new StoreUnavailableException("storage does not answer", new IOException()));
        await Assert.ThrowsAsync<StoreUnavailableException>(PrepareAsync);

        scene.Provider.ConnectionChecks.Enqueue(new OperationCanceledException());
        await stopping.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(PrepareAsync);
    }

    public void Dispose() => stopping.Dispose();

    private Task<PreparedProtection?> PrepareAsync() => scene.PrepareAsync(new LifecycleInput(scene.Row.Id, Actors.Test), stopping.Token);
}
