using CloudRewind.AwsEmulator.Sts;
using CloudRewind.Domain.Capture;

namespace CloudRewind.Capture.Tests.Aws;

public sealed class AwsCaptureContractTests : CaptureProviderContract, IAsyncLifetime
{
    private AwsBench bench = null!;

    protected override ICaptureProvider Provider => bench.Provider;

    public async Task InitializeAsync()
    {
        bench = await AwsBench.StartAsync();
        bench.Aws.AddRole(new EmulatedRole(OtherAccount.RoleArn));
    }

    public Task DisposeAsync() => bench.DisposeAsync().AsTask();

    protected override Task<FilteredTarget> TargetAsync()
    {
        var instance = bench.Aws.AddInstance([8, 100]);
        return Task.FromResult(AwsBench.Target(AwsBench.Manual(instance.Id, bench.Aws.AddVolume().Id)));
    }
}
