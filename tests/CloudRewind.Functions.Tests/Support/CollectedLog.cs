using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Tests.Support;

/// <summary>Keeps what is logged.</summary>
internal sealed class CollectedLog<T> : ILogger<T>
{
    /// <summary>Every line, as a person reads it.</summary>
    public ConcurrentQueue<string> Lines { get; } = new();

    /// <summary>The level of each line.</summary>
    public ConcurrentQueue<LogLevel> Levels { get; } = new();

    /// <summary>The name of each event, and its fields.</summary>
    public ConcurrentQueue<(string? Name, Dictionary<string, object?> Fields)> Events { get; } = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Levels.Enqueue(logLevel);
        Lines.Enqueue(formatter(state, exception));
        if (state is IEnumerable<KeyValuePair<string, object?>> fields)
            Events.Enqueue((eventId.Name, fields.Where(field => field.Key != "{OriginalFormat}").ToDictionary()));
    }
}
