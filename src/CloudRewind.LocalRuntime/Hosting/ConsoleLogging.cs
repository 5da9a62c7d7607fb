using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace CloudRewind.LocalRuntime;

/// <summary>The console of a local run.</summary>
internal static class ConsoleLogging
{
    /// <summary>One line an entry, in UTC, with scopes; the section <c>Logging</c> has the last word on levels.</summary>
    public static void AddTo(ILoggingBuilder logging, IConfiguration configuration)
    {
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Azure", LogLevel.Warning);
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        // Off, because otherwise every line within a request carries its scope of connection and request ids.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        logging.AddFilter("Microsoft.Hosting", LogLevel.Warning);
        logging.AddConfiguration(configuration.GetSection("Logging"));
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.IncludeScopes = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
        });
    }
}
