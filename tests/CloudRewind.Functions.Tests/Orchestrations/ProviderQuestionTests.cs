using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Orchestrations.ProtectionLifecycle;
using CloudRewind.Functions.Tests.Support;
using CloudRewind.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudRewind.Functions.Tests.Orchestrations;

/// <summary>What is asked of the capture provider before the captures begin, and what an orchestration is told of the answer.</summary>
public sealed class ProviderQuestionTests : IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly ScriptedProvider provider = new();
    private readonly OneAssembly assemblies = new();
    private readonly InMemoryProtectionStore protections = new(new InMemoryUnfinished());

    [Fact]
    public async Task A_connection_that_works_is_no_failure() => Assert.Equal(new ProviderAnswer(), await CheckAsync());

    [Fact]
    public async Task A_connection_that_cannot_be_used_is_not_asked_about_again()
    {
        provider.Answer = () => throw new CaptureRefusedException("The role cannot be assumed.");

        Assert.Equal(new ProviderAnswer(Failure: "The role cannot be assumed."), await CheckAsync());
    }

    [Fact]
    public async Task An_assembly_that_is_gone_has_no_connection()
    {
        assemblies.IsGone = true;

        Assert.Equal(new ProviderAnswer(Failure: "The cloud assembly is gone."), await CheckAsync());
    }

    [Fact]
    public async Task A_provider_that_does_not_answer_is_asked_again_its_own_time_out_included()
    {
        foreach (var error in new Exception[] { new IOException("throttled"), new TaskCanceledException("throttled") })
        {
            provider.Answer = () => throw error;

            Assert.Equal(new ProviderAnswer(Failure: "The connection could not be checked: throttled", CanRetry: true), await CheckAsync());
        }
    }

    [Fact]
    public async Task What_passes_is_asked_about_again_and_noted_in_the_row_where_people_see_it()
    {
        var accepted = Assert.IsType<CreateResult.Accepted>(await protections.CreateAsync(
            new NewProtection(new AssemblyKey(1, "demo", 7), 0, "Nightly", TimeSpan.FromDays(30), DateTimeOffset.UnixEpoch, null), CancellationToken.None));
        provider.Answer = () => throw new RetryLaterException("The session has expired.", TimeSpan.FromSeconds(9));

        var answer = await CheckAsync(accepted.Protection.Id);

        Assert.Equal(new ProviderAnswer(Failure: "The session has expired.", CanRetry: true, RetryAfter: TimeSpan.FromSeconds(9)), answer);
        Assert.Equal("The session has expired.", (await protections.FindAsync(accepted.Protection.Id, CancellationToken.None))!.Progress!.Waiting);
    }

    [Fact]
    public async Task What_a_provider_says_is_cut()
    {
        provider.Answer = () => throw new CaptureRefusedException(new string('x', 100_000));

        Assert.Equal(ReasonText.MaxLength, (await CheckAsync()).Failure!.Length);
    }

    [Fact]
    public async Task An_outage_of_storage_and_the_end_of_the_app_are_no_answer_of_the_provider()
    {
        provider.Answer = () => throw new StoreUnavailableException("storage does not answer", new IOException());
        await Assert.ThrowsAsync<StoreUnavailableException>(CheckAsync);

        provider.Answer = () => throw new OperationCanceledException();
        await stopping.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(CheckAsync);
    }

    public void Dispose() => stopping.Dispose();

    private Task<ProviderAnswer> CheckAsync() => CheckAsync(new ProtectionScene().Row.Id);

    private Task<ProviderAnswer> CheckAsync(ProtectionId id) =>
        new CheckConnection(assemblies, provider, new ProviderFailures(protections, NullLogger<ProviderFailures>.Instance))
            .Run(new LifecycleInput(id, Actors.Test), new FakeFunctionContext(null, stopping.Token));

    private sealed class ScriptedProvider : ICaptureProvider
    {
        public Action Answer { get; set; } = () => { };

        public TimeSpan SettleWindow => throw new NotSupportedException();

        public Task CheckAsync(CaptureTarget target, CancellationToken cancellationToken)
        {
            Answer();
            return Task.CompletedTask;
        }

        public Task<Discovery> DiscoverAsync(CaptureTarget target, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<MissingPermission>> FindMissingPermissionsAsync(
            CaptureTarget target, IReadOnlyList<DiscoveredResource> resources, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<Snapshot>> StartAsync(CaptureTarget target, IReadOnlyList<ProtectedResource> group, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<Snapshot>> ListAsync(CaptureTarget target, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyDictionary<string, string>> RemoveAsync(
            CaptureTarget target, IReadOnlyCollection<string> snapshotIds, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
