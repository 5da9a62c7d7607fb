namespace CloudRewind.Capture.Tests.Emulator;

/// <summary>Tests of the endpoint that other tests stand on: an account for each.</summary>
public abstract class EmulatorTests : IAsyncLifetime
{
    private protected EmulatorBench Bench { get; private set; } = null!;

    public async Task InitializeAsync() => Bench = await EmulatorBench.StartAsync();

    public Task DisposeAsync() => Bench.DisposeAsync().AsTask();
}
