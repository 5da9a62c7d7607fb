using System.Reflection;
using System.Text.Json;
using CloudRewind.Functions.Telemetry;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Tests.Telemetry;

public sealed class EventsTests
{
    private static readonly Dictionary<string, LoggerMessageAttribute> Logged = typeof(Events)
        .GetMethods(BindingFlags.Static | BindingFlags.Public)
        .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
        .OfType<LoggerMessageAttribute>()
        .ToDictionary(message => message.EventName!);

    /// <summary>The queries of the alerts are tested against that file, and so the app must log what it says.</summary>
    [Fact]
    public void The_app_logs_the_events_that_the_alerts_read_with_their_fields()
    {
        var read = JsonSerializer.Deserialize<Dictionary<string, string[]>>(File.ReadAllText(Path.Combine(Repository.Root, "infra", "monitoring", "events.json")))!;

        Assert.Equal(read.Keys.Order(StringComparer.Ordinal), Logged.Keys.Order(StringComparer.Ordinal));
        Assert.All(read, pair => Assert.All(pair.Value, field => Assert.Contains($"{{{field}}}", Logged[pair.Key].Message, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(nameof(Events.TransitionConflict), LogLevel.Critical)]
    [InlineData(nameof(Events.ProtectionStalled), LogLevel.Error)]
    [InlineData(nameof(Events.DeletionStalled), LogLevel.Error)]
    [InlineData(nameof(Events.OrchestrationRestarted), LogLevel.Warning)]
    [InlineData(nameof(Events.DeletionRestarted), LogLevel.Warning)]
    [InlineData(nameof(Events.WatchdogCompleted), LogLevel.Information)]
    public void What_somebody_must_see_stands_out(string name, LogLevel level) => Assert.Equal(level, Logged[name].Level);
}
