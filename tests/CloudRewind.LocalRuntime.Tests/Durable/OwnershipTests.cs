using Azure.Data.Tables;
using CloudRewind.LocalRuntime.Durable.Storage;
using CloudRewind.LocalRuntime.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CloudRewind.LocalRuntime.Tests.Durable;

public sealed class OwnershipTests
{
    [Fact]
    public async Task A_second_runtime_on_the_hub_is_refused_and_told_who_has_it()
    {
        await using var app = await TestApp.StartAsync();
        await using var second = app.CreateHost();
        var refusal = await Assert.ThrowsAsync<LocalRuntimeStartException>(() => second.StartAsync());
        Assert.Contains($"process {Environment.ProcessId} on {Environment.MachineName}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_crash_the_next_one_takes_the_hub_at_once()
    {
        await using var app = await TestApp.StartAsync();
        await app.CrashAsync();
        await app.StartAsync();
        Assert.DoesNotContain(app.Log.Lines, l => l.Contains("was last in use by", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_hub_of_an_owner_elsewhere_that_renews_nothing_is_taken_within_the_time_of_a_lease()
    {
        await using var app = await TestApp.StartAsync();
        var control = app.Services.GetRequiredService<HubTables>().Control;
        await app.CrashAsync();
        await control.UpsertEntityAsync(new TableEntity("owner", "owner") { ["Id"] = "another", ["Machine"] = "elsewhere", ["Pid"] = 1 }, TableUpdateMode.Replace);
        await app.StartAsync();
        Assert.Contains(app.Log.Lines, l => l.Contains("was last in use by process 1 on elsewhere", StringComparison.Ordinal));
        var owner = await control.GetEntityAsync<TableEntity>("owner", "owner");
        Assert.Equal(Environment.ProcessId, owner.Value.GetInt32("Pid"));
    }

    [Fact]
    public async Task A_runtime_that_has_lost_the_hub_stops_working()
    {
        await using var app = await TestApp.StartAsync();
        var control = app.Services.GetRequiredService<HubTables>().Control;
        await control.UpsertEntityAsync(new TableEntity("owner", "owner") { ["Id"] = "another", ["Machine"] = "elsewhere", ["Pid"] = 1 }, TableUpdateMode.Replace);
        var stopping = app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        await Eventually.TrueAsync(() => stopping.IsCancellationRequested);
        Assert.Contains(app.Log.Lines, l => l.StartsWith("Critical", StringComparison.Ordinal));
    }
}
