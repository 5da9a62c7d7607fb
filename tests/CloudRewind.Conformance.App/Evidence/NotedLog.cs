using Microsoft.Extensions.Logging;

namespace CloudRewind.Conformance.Evidence;

/// <summary>Notes what is logged under a category of the suite's own, which names the instance.</summary>
public sealed class NotedLog(Notes notes) : ILoggerProvider
{
    /// <summary>What the suite's categories begin with.</summary>
    public const string Prefix = "Conformance.";

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Logger(notes, categoryName);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private sealed class Logger(Notes notes, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => category.StartsWith(Prefix, StringComparison.Ordinal);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                notes.Add(category, formatter(state, exception));
        }
    }
}
