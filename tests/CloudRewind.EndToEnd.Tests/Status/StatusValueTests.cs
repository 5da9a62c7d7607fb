
namespace CloudRewind.EndToEnd.Tests.Status;

/// <summary>Each status value of the contract, as it is served: 200, with exactly one member.</summary>
public sealed class StatusValueTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private const int MostAttempts = 20;

    private readonly App app = fixture.App;

    [Fact]
    public Task Created() => IsServedAsync("created", "sim-ok-a");

    [Fact]
    public Task Preparing() => IsServedAsync("preparing", "sim-ok-a");

    [Fact]
    public Task Preparation_completed() => IsServedAsync("preparation-completed", "sim-ok-a");

    [Fact]
    public Task In_progress() => IsServedAsync("in-progress", "sim-slow-a");

    [Fact]
    public Task Success() => IsServedAsync("success", "sim-ok-a");

    [Fact]
    public Task Partially_protected() => IsServedAsync("partially-protected", "sim-ok-a", "sim-fail-b");

    [Fact]
    public Task Failed() => IsServedAsync("failed", "sim-fail-a");

    [Fact]
    public Task Skipped() => IsServedAsync("skipped");

    [Fact]
    public Task Pruning_failed() => IsServedAsync("pruning-failed", "sim-keep-a");

    [Fact]
    public Task Elapsed() => IsServedAsync("elapsed", "sim-ok-a");

    private async Task IsServedAsync(string status, params string[] resources)
    {
        var answer = await SeeAsync(status, resources);

        Assert.Equal(200, answer.Status);
        Assert.Equal("application/json; charset=utf-8", answer.Header("Content-Type"));
        Assert.Equal($$"""{"status":"{{status}}"}""", answer.Body);
    }

    // A state that lasts for moments may pass unseen between two looks: then another protection shows it.
    private async Task<Answer> SeeAsync(string status, string[] resources)
    {
        string[] outcomes = ["success", "partially-protected", "failed", "skipped", "elapsed"];
        var (retention, last) = status is "pruning-failed" or "elapsed" ? ("PT1S", ["elapsed"]) : ("P30D", outcomes);
        for (var attempt = 1; ; attempt++)
        {
            var client = app.NewAssembly();
            var id = await client.ProtectAsync(resources, retention);
            var answer = await Eventually.GetAsync(
                () => client.StatusAsync(id), found => SeenStatus.Of(found).Status is var seen && (seen == status || last.Contains(seen)), $"{id} to be {status}");
            if (SeenStatus.Of(answer).Status == status)
                return answer;
            Assert.True(attempt < MostAttempts, $"No protection of {MostAttempts} was seen in '{status}'.");
        }
    }
}
