using CloudRewind.Capture.Tests.Aws;
using CloudRewind.Capture.Tests.Support;
using CloudRewind.Domain.Capture;
using CloudRewind.Simulation;

namespace CloudRewind.Capture.Tests.Simulation;

public sealed class SimulatedCaptureContractTests(StorageFixture storage) : CaptureProviderContract, IClassFixture<StorageFixture>
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    protected override ICaptureProvider Provider { get; } = new SimulatedCaptureProvider(storage.Tables, new SimulationOptions(Step), TimeProvider.System);

    protected override Task<FilteredTarget> TargetAsync() =>
        Task.FromResult(AwsBench.Target(AwsBench.Manual("sim-ok-a@web", "sim-ok-b@web", "sim-ok-c")));
}
