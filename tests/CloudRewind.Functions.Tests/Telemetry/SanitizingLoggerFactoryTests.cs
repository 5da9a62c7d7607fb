using CloudRewind.Functions.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Tests.Telemetry;

public sealed class SanitizingLoggerFactoryTests : IDisposable
{
    private readonly Provider provider = new();
    private readonly ServiceProvider services;
    private readonly ILogger log;

    public SanitizingLoggerFactoryTests()
    {
        services = SanitizingLoggerFactory.AddTo(new ServiceCollection().AddLogging(logging => logging.AddProvider(provider))).BuildServiceProvider();
        log = services.GetRequiredService<ILogger<SanitizingLoggerFactoryTests>>();
    }

    public void Dispose() => services.Dispose();

    [Fact]
    public void Control_characters_are_written_out_in_the_line_and_in_its_values()
    {
        log.LogInformation("Project {Project} of {Account}", "\u001b[31mred\r\n\0\u2028end", 7);

        var (line, values) = Assert.Single(provider.Lines);
        Assert.Equal(@"Project \u001B[31mred\u000D\u000A\u0000\u2028end of 7", line);
        Assert.Equal(@"\u001B[31mred\u000D\u000A\u0000\u2028end", values["Project"]);
        Assert.Equal((7, "Project {Project} of {Account}"), (values["Account"], values["{OriginalFormat}"]));
    }

    [Fact]
    public void A_long_line_and_a_long_value_are_cut()
    {
        log.LogInformation("{Reason}", new string('r', 1_000_000));

        var (line, values) = Assert.Single(provider.Lines);
        Assert.InRange(line.Length, 1_000, 5_000);
        Assert.InRange(((string)values["Reason"]!).Length, 500, 1_100);
    }

    [Fact]
    public void An_exception_keeps_its_lines_and_loses_its_control_characters()
    {
        log.LogError(new InvalidDataException("\u001b[31mred\0", new IOException("inner")), "It failed");

        var exception = Assert.Single(provider.Exceptions)!;
        Assert.Equal(@"\u001B[31mred\u0000", exception.Message);
        Assert.Contains(@"System.IO.InvalidDataException: \u001B[31mred\u0000", exception.ToString(), StringComparison.Ordinal);
        Assert.Contains("System.IO.IOException: inner\n", exception.ToString().ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_ordinary_exception_passes_as_it_is()
    {
        var exception = new InvalidDataException("plain");

        log.LogError(exception, "It failed");

        Assert.Same(exception, Assert.Single(provider.Exceptions));
    }

    [Fact]
    public void An_ordinary_line_passes_as_it_is()
    {
        log.LogWarning("Größe {Size} 🚀", 42);

        var (line, values) = Assert.Single(provider.Lines);
        Assert.Equal(("Größe 42 🚀", 42), (line, values["Size"]));
    }

    private sealed class Provider : ILoggerProvider, ILogger
    {
        public List<(string Line, Dictionary<string, object?> Values)> Lines { get; } = [];

        public List<Exception?> Exceptions { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Lines.Add((formatter(state, exception), ((IEnumerable<KeyValuePair<string, object?>>)state!).ToDictionary(pair => pair.Key, pair => pair.Value)));
            Exceptions.Add(exception);
        }

        public void Dispose()
        {
        }
    }
}
