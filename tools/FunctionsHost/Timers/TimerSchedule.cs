using System.Globalization;
using CloudRewind.FunctionsHost.Functions;
using NCrontab;

namespace CloudRewind.FunctionsHost.Timers;

/// <summary>When a timer function runs, in UTC.</summary>
/// <param name="Cron">Five fields, or six where the first is the second.</param>
/// <param name="RunOnStartup">Whether it also runs when its runner starts.</param>
internal sealed record TimerSchedule(CrontabSchedule Cron, bool RunOnStartup)
{
    /// <summary>The first time after another.</summary>
    public DateTime NextAfter(DateTime time) => Cron.GetNextOccurrence(time);

    /// <summary>Whether a time was due by a clock that was turned back since: the schedule has other times before it.</summary>
    /// <param name="due">What follows from the time of the last run.</param>
    /// <param name="now">Now.</param>
    public bool IsBeyond(DateTime due, DateTime now) => NextAfter(NextAfter(now)) < due;

    /// <summary>What a function's trigger says. <c>%NAME%</c> stands for a setting.</summary>
    /// <exception cref="HostStartException">It is not a schedule.</exception>
    public static TimerSchedule Of(WorkerFunction function, IConfiguration configuration)
    {
        var text = function.Trigger.Value<string>("schedule") ?? "";
        if (text.Length > 2 && text[0] == '%' && text[^1] == '%')
            text = configuration[text[1..^1].Replace("__", ":", StringComparison.Ordinal)] ?? text;
        var hasSeconds = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 6;
        var cron = CrontabSchedule.TryParse(text, new CrontabSchedule.ParseOptions { IncludingSeconds = hasSeconds })
            ?? throw new HostStartException(string.Create(
                CultureInfo.InvariantCulture,
                $"The function {function.Name} has the schedule '{text}'; " +
                $"it must be a cron expression of five or six fields, such as '0 */5 * * * *'."));
        return new TimerSchedule(cron, function.Trigger.Value<bool?>("runOnStartup") ?? false);
    }
}
