using System.Globalization;

namespace CloudRewind.EndToEnd.Tests.Lifecycle;

/// <summary>A durable timer can fire up to a second early: it is only a reason to look at the clock.</summary>
public sealed class RetentionTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private const int Protections = 25;
    private static readonly TimeSpan EarliestTimer = TimeSpan.FromSeconds(1.5);

    private readonly App app = fixture.App;

    [Fact]
    public async Task Of_many_none_is_removed_or_elapses_before_its_retention_has_ended() =>
        // Each ends at another moment of its second, and few at once, so that none is late because of the others.
        await Task.WhenAll(Enumerable.Range(0, Protections).Select(i => ElapsesInTimeAsync(TimeSpan.FromMilliseconds(15_000 + (437 * i)))));

    private async Task ElapsesInTimeAsync(TimeSpan retention)
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(["sim-ok-a"], string.Create(CultureInfo.InvariantCulture, $"PT{retention.TotalSeconds}S"));
        await client.WatchAsync(id, "success", "elapsed");
        var expires = (await app.Tables.ProtectionAsync(id)).GetDateTimeOffset("ExpiresAt")!.Value;
        await ClockAsync(expires - EarliestTimer);

        for (var found = await app.Tables.SnapshotsAsync(id); DateTimeOffset.UtcNow < expires; found = await app.Tables.SnapshotsAsync(id))
            Assert.True(found.Any(), $"It was removed {expires - DateTimeOffset.UtcNow} before its retention of {retention} had ended.");

        await client.WatchAsync(id, "elapsed");
        var protection = await app.Tables.ProtectionAsync(id);
        var elapsed = (await app.Tables.TransitionsAsync(id))[^1];
        Assert.Equal(retention, expires - protection.GetDateTimeOffset("CreatedAt"));
        Assert.Equal("elapsed", elapsed.GetString("To"));
        Assert.True(elapsed.GetDateTimeOffset("At") >= expires, $"It elapsed {expires - elapsed.GetDateTimeOffset("At")} before its retention of {retention} had ended.");
        Assert.True(protection.GetDateTimeOffset("UpdatedAt") >= expires);
    }

    private static Task ClockAsync(DateTimeOffset time) =>
        Eventually.GetAsync(() => Task.FromResult(DateTimeOffset.UtcNow), now => now >= time, $"the clock to be {time:O}");
}
