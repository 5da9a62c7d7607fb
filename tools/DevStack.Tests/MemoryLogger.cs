using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace CloudRewind.DevStack.Tests;

/// <summary>Keeps what is logged.</summary>
internal sealed class MemoryLogger : ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> entries = [];

    /// <summary>The errors.</summary>
    public IEnumerable<string> Errors => entries.Where(entry => entry.Level == LogLevel.Error).Select(entry => entry.Text);

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => true;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        entries.Enqueue((logLevel, formatter(state, exception)));
}
