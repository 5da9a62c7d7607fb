using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;

namespace CloudRewind.Domain.Tests.Capture;

public sealed class PruneRunTests
{
    private static readonly ProtectionId Id = Sample.InProgress(DateTimeOffset.UnixEpoch).Id;
    private readonly ScriptedProvider provider = new();

    [Fact]
    public async Task A_resource_without_snapshots_leaves_the_inventory()
    {
        var inventory = new InMemoryInventory().With("a", "b");

        Assert.Equal(new PruneRound(2, 0, 0, null), await PruneAsync(inventory));
        Assert.Equal(0, inventory.Count);
    }

    [Fact]
    public async Task A_resource_that_cannot_be_removed_stays_with_its_reason_and_the_others_go()
    {
        var inventory = new InMemoryInventory().With("a", "b", "c");
        provider.OnRemove = id => id == "b" ? Task.FromResult<string?>("in use") : Task.FromResult<string?>(null);

        Assert.Equal(new PruneRound(2, 1, 0, "b: in use"), await PruneAsync(inventory));
        Assert.Equal("b", inventory["b"].ResourceId);
        Assert.Equal(1, inventory.Count);
    }

    [Fact]
    public async Task An_error_keeps_only_that_resource()
    {
        var inventory = new InMemoryInventory().With("a", "b");
        provider.OnRemove = id => id == "a" ? throw new IOException("throttled") : Task.FromResult<string?>(null);

        Assert.Equal(new PruneRound(1, 1, 0, "a: throttled"), await PruneAsync(inventory));
    }

    [Fact]
    public async Task Rounds_that_skip_kept_resources_try_every_resource_once()
    {
        var names = Enumerable.Range(0, (2 * PruneRun.ResourcesPerRound) + 10).Select(number => $"r{number:D4}").ToArray();
        var inventory = new InMemoryInventory().With(names);
        provider.OnRemove = id => id.EndsWith('7') ? Task.FromResult<string?>("in use") : Task.FromResult<string?>(null);

        var kept = 0;
        PruneRound round;
        do
        {
            round = await PruneAsync(inventory, skip: kept);
            kept += round.Kept;
        }
        while (round.Untried > 0);

        Assert.Equal(names, provider.Removed.Order(StringComparer.Ordinal));
        Assert.Equal(names.Count(name => name.EndsWith('7')), kept);
        Assert.Equal(kept, inventory.Count);
    }

    [Fact]
    public async Task Without_its_assembly_nothing_can_be_removed()
    {
        var inventory = new InMemoryInventory().With("a");

        var round = await new PruneRun(inventory, provider, new CaptureLimits(TimeSpan.FromHours(1), 8)).AdvanceAsync(Id, null, 0, CancellationToken.None);

        Assert.Equal(1, round.Kept);
        Assert.Equal(1, inventory.Count);
    }

    [Fact]
    public async Task A_provider_timeout_keeps_only_that_resource()
    {
        var inventory = new InMemoryInventory().With("a", "b");
        provider.OnRemove = id => id == "a" ? throw new TaskCanceledException("timed out") : Task.FromResult<string?>(null);

        Assert.Equal(new PruneRound(1, 1, 0, "a: timed out"), await PruneAsync(inventory));
    }

    [Fact]
    public async Task A_cancelled_round_ends()
    {
        using var stopping = new CancellationTokenSource();
        provider.OnRemove = async _ =>
        {
            await stopping.CancelAsync();
            throw new OperationCanceledException(stopping.Token);
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PruneAsync(new InMemoryInventory().With("a"), cancellationToken: stopping.Token));
    }

    [Fact]
    public async Task A_reason_is_cut_to_what_a_person_reads()
    {
        provider.OnRemove = _ => throw new IOException(new string('x', 100_000));

        Assert.Equal(ReasonText.MaxLength, (await PruneAsync(new InMemoryInventory().With("a"))).Reason!.Length);
    }

    [Fact]
    public async Task An_outage_of_storage_goes_through()
    {
        provider.OnRemove = _ => throw new StoreUnavailableException("down", new IOException());

        await Assert.ThrowsAsync<StoreUnavailableException>(() => PruneAsync(new InMemoryInventory().With("a")));
    }

    private Task<PruneRound> PruneAsync(InMemoryInventory inventory, int skip = 0, CancellationToken cancellationToken = default) =>
        new PruneRun(inventory, provider, new CaptureLimits(TimeSpan.FromHours(1), 8)).AdvanceAsync(Id, Sample.Assembly, skip, cancellationToken);
}
