using Xunit.Abstractions;

namespace CloudRewind.EndToEnd.Tests.Status;

/// <summary>How soon whoever waits hears of a transition. The app's clock is compared with the test's: both must be the same machine's.</summary>
public sealed class WaitingFigures(AppFixture fixture, ITestOutputHelper output) : IClassFixture<AppFixture>
{
    private const int Protections = 50;
    private const int AtOnce = 5;

    private readonly App app = fixture.App;

    [MeasurementFact]
    public async Task From_a_transition_to_the_answer()
    {
        var delays = new List<double>();
        for (var begun = 0; begun < Protections; begun += AtOnce)
        {
            var measured = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => MeasureAsync()));
            delays.AddRange(measured.SelectMany(delay => delay));
        }

        delays.Sort();
        Assert.NotEmpty(delays);
        output.WriteLine(
            $"{delays.Count} transitions of {Protections} protections, {AtOnce} at once: median {delays[delays.Count / 2]:F0} ms, 95th percentile {delays[delays.Count * 95 / 100]:F0} ms, slowest {delays[^1]:F0} ms");
    }

    private async Task<List<double>> MeasureAsync()
    {
        var client = app.NewAssembly();
        var id = await client.ProtectAsync(["sim-ok-a"]);
        var heard = new List<(DateTimeOffset Asked, DateTimeOffset At, int Sequence)>();
        var seen = SeenStatus.Of(await client.StatusAsync(id));
        while (seen.Status != "success")
        {
            var asked = DateTimeOffset.UtcNow;
            seen = SeenStatus.Of(await client.StatusAsync(id, ("If-None-Match", $"\"{seen.Sequence}\""), ("Prefer", "wait=60")));
            heard.Add((asked, DateTimeOffset.UtcNow, seen.Sequence));
        }

        var timeline = await client.GetAsync(client.StatusPath(id).Replace("/status?", "/timeline?", StringComparison.Ordinal));
        var times = timeline.Json.GetProperty("transitions").EnumerateArray()
            .ToDictionary(transition => transition.GetProperty("sequence").GetInt32(), transition => transition.GetProperty("at").GetDateTimeOffset());
        // A transition that came before the question was not waited for.
        return [.. heard.Where(one => times[one.Sequence] > one.Asked).Select(one => (one.At - times[one.Sequence]).TotalMilliseconds)];
    }
}
