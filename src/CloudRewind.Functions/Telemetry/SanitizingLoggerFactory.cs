using System.Collections;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Telemetry;

/// <summary>
/// The one place where log lines are made safe, whatever text of a client's is in them: control characters (ESC, NUL, line ends) are written out as <c>\u001B</c>,
/// and long lines and values are cut. An exception keeps its line ends and its length.
/// </summary>
internal sealed class SanitizingLoggerFactory(ILoggerFactory inner) : ILoggerFactory
{
    private const int MaxLine = 4_000;
    private const int MaxValue = 1_000;

    /// <summary>Puts it in front of every log provider.</summary>
    public static IServiceCollection AddTo(IServiceCollection services) => services
        .AddSingleton<LoggerFactory>()
        .Replace(ServiceDescriptor.Singleton<ILoggerFactory>(provider => new SanitizingLoggerFactory(provider.GetRequiredService<LoggerFactory>())));

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Logger(inner.CreateLogger(categoryName));

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    /// <inheritdoc/>
    public void Dispose() => inner.Dispose();

    private static bool IsSafe(string text, int max) => text.Length <= max && !text.Any(IsUnsafe);

    // U+2028 and U+2029 end lines too.
    private static bool IsUnsafe(char character) => char.IsControl(character) || character is '\u2028' or '\u2029';

    private static bool IsUnsafeInException(char character) => IsUnsafe(character) && character is not ('\r' or '\n' or '\t');

    private static string Sanitize(string text, int max) => IsSafe(text, max) ? text : WriteOut(Excerpt.Of(text, max), IsUnsafe);

    private static string WriteOut(string text, Func<char, bool> isUnsafe)
    {
        var safe = new StringBuilder();
        foreach (var character in text)
        {
            if (isUnsafe(character))
                safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}");
            else
                safe.Append(character);
        }

        return safe.ToString();
    }

    private sealed class Logger(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            if (exception?.ToString() is { } text && text.Any(IsUnsafeInException))
                exception = new SanitizedException(exception);
            var line = formatter(state, exception);
            if (IsSafe(line, MaxLine))
                inner.Log(logLevel, eventId, state, exception, formatter);
            else
                inner.Log(logLevel, eventId, new Line(Sanitize(line, MaxLine), state as IReadOnlyList<KeyValuePair<string, object?>> ?? []), exception, static (safe, _) => safe.ToString());
        }
    }

    private sealed class SanitizedException(Exception original) : Exception(WriteOut(original.Message, IsUnsafe))
    {
        private readonly string text = WriteOut(original.ToString(), IsUnsafeInException);

        public override string? StackTrace => original.StackTrace;

        public override string ToString() => text;
    }

    private sealed class Line(string text, IReadOnlyList<KeyValuePair<string, object?>> values) : IReadOnlyList<KeyValuePair<string, object?>>
    {
        public int Count => values.Count;

        public KeyValuePair<string, object?> this[int index] => values[index] is { Value: { } value } pair && Convert.ToString(value, CultureInfo.InvariantCulture) is { } shown && !IsSafe(shown, MaxValue)
            ? new(pair.Key, Sanitize(shown, MaxValue))
            : values[index];

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => Enumerable.Range(0, Count).Select(index => this[index]).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public override string ToString() => text;
    }
}
