using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Functions.Orchestrations.ProtectionLifecycle;
using CloudRewind.Functions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudRewind.Functions.Tests.Orchestrations;

/// <summary>What is asked of the capture provider before the captures begin, and what an orchestration is told of the answer.</summary>
public sealed class ProviderQuestionTests : IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly ScriptedProvider provider = new();
    private readonly OneAssembly assemblies = new();

    [Fact]
    public async Task A_connection_that_works_is_no_failure() => Assert.Equal(new ProviderAnswer(), await CheckAsync());

    [Fact]
    public async Task A_connection_that_cannot_be_used_is_not_asked_about_again()
    {
        provider.Answer = () => "The role cannot be assumed.";

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
    public async Task What_a_provider_says_is_cut()
    {
        provider.Answer = () => new string('x', 100_000);

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

    private Task<ProviderAnswer> CheckAsync() => new CheckConnection(assemblies, provider, NullLogger<CheckConnection>.Instance)
        .Run(new LifecycleInput(new ProtectionScene().Row.Id, "test"), new FakeFunctionContext(null, stopping.Token));

    private sealed class ScriptedProvider : ICaptureProvider
    {
        public Func<string?> Answer { get; set; } = () => null;

        public Task<string?> CheckAsync(CloudAssembly assembly, CancellationToken cancellationToken) => Task.FromResult(Answer());

        public Task<IReadOnlyList<DiscoveredResource>> DiscoverAsync(CloudAssembly assembly, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<CaptureProgress> StartAsync(CaptureTarget target, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<CaptureProgress> PollAsync(CaptureTarget target, string snapshotId, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<string?> RemoveAsync(CaptureTarget target, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class OneAssembly : ICloudAssemblyStore
    {
        public bool IsGone { get; set; }

        public Task<CloudAssembly?> FindAsync(AssemblyKey key, CancellationToken cancellationToken) => Task.FromResult(IsGone ? null : new CloudAssembly(
            key,
            new AssemblyDefinition("Demo", null, "eu-central-1", new CloudConnection("000000000000", "role"), null!, null, AssemblyStatus.Enabled),
            default,
            default,
            1));

        public Task<CloudAssemblyPage> ListAsync(long accountId, string projectId, int skip, int take, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<CloudAssembly?> AdvanceDeletionAsync(AssemblyKey key, AssemblyStatus status, DateTimeOffset at, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<PutResult> PutAsync(
            AssemblyKey key, AssemblyDefinition definition, Predicate<CloudAssembly?> condition, DateTimeOffset at, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
