using System.Diagnostics;
using System.Globalization;
using CloudRewind.LocalRuntime.Tests.Support;

namespace CloudRewind.LocalRuntime.Tests.Durable;

public sealed class ProcessTests
{
    [Fact]
    public async Task After_kill_9_at_random_moments_every_instance_ends_right_and_every_event_has_come_once_and_in_order()
    {
        using var app = new ChildApp(await TestStorage.SharedAsync());
        var random = new Random(4);
        await app.StartAsync();
        for (var i = 0; i < 20; i++)
        {
            await SendAsync(app, HttpMethod.Post, $"Sums/s{i}");
            await SendAsync(app, HttpMethod.Put, $"s{i}/1");
        }

        for (var round = 0; round < 4; round++)
        {
            await Task.Delay(random.Next(250));
            app.Kill();
            await app.StartAsync();
        }

        for (var i = 0; i < 20; i++)
            await SendAsync(app, HttpMethod.Put, $"s{i}/2");
        for (var i = 0; i < 20; i++)
            Assert.Equal("Completed \"50: 1 PUT, 2 PUT\"", await app.Http.GetStringAsync(new Uri($"s{i}", UriKind.Relative)));
    }

    [Fact]
    public async Task A_second_process_is_refused_and_the_first_is_named()
    {
        using var app = new ChildApp(await TestStorage.SharedAsync());
        await app.StartAsync();
        var (exitCode, error) = await app.StartSecondAsync();
        Assert.Equal(1, exitCode);
        Assert.Contains($"in use by process {app.ProcessId} on {Environment.MachineName}", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SIGTERM_ends_the_process_within_ten_seconds_even_with_an_activity_that_does_not_listen()
    {
        using var app = new ChildApp(await TestStorage.SharedAsync());
        await app.StartAsync();
        await SendAsync(app, HttpMethod.Post, "Long/one");
        var begun = Environment.TickCount64;
        Assert.Equal(0, await app.TerminateAsync());
        Assert.True(Environment.TickCount64 - begun < 10_000);
    }

    [Fact]
    public async Task A_process_that_was_killed_and_that_nobody_has_waited_for_is_not_alive()
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var parent = Process.Start(new ProcessStartInfo("sh", ["-c", "true & echo $!; exec sleep 30"]) { RedirectStandardOutput = true })!;
        var child = int.Parse((await parent.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
        await Eventually.TrueAsync(() => ProcessIdentity.Of(child) is null);
        Assert.NotNull(ProcessIdentity.Of(parent.Id));
        parent.Kill();
    }

    private static async Task SendAsync(ChildApp app, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        using var response = await app.Http.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }
}
