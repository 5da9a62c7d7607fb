using CloudRewind.Domain;
using CloudRewind.Functions.Health;
using CloudRewind.Functions.Http;
using CloudRewind.Functions.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudRewind.Functions.Tests.Health;

public sealed class HealthTests
{
    private readonly HttpRequest request = new DefaultHttpContext().Request;

    [Fact]
    public void Live_names_the_version_without_the_commit_and_the_capture_provider()
    {
        var body = Body(new HealthLive(new ScriptedProvider()).Run(request));

        Assert.Equal(("live", "Scripted"), (body.Status, body.Provider));
        Assert.Matches(@"\A\d+\.\d+\.\d+\z", body.Version);
    }

    [Fact]
    public async Task Ready_once_storage_responds() =>
        Assert.Equal(new HealthResponse("ready"), Body(await ReadyAsync(new Store(() => Task.CompletedTask))));

    [Fact]
    public async Task Not_ready_while_storage_does_not()
    {
        var refusal = await Assert.ThrowsAsync<ApiException>(() => ReadyAsync(new Store(() => throw new StoreUnavailableException("no", new IOException()))));

        Assert.Equal((503, "storage-unavailable"), (refusal.StatusCode, refusal.Code));
    }

    private Task<IResult> ReadyAsync(IStoreHealth store) => new HealthReady(store, NullLogger<HealthReady>.Instance).Run(request, CancellationToken.None);

    private static HealthResponse Body(IResult result) => Assert.IsType<HealthResponse>(((IValueHttpResult)result).Value);

    private sealed class Store(Func<Task> check) : IStoreHealth
    {
        public Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task CheckAsync(CancellationToken cancellationToken) => check();
    }
}
