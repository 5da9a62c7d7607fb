using System.Reflection;
using CloudRewind.LocalRuntime.DevelopmentStorage;
using CloudRewind.LocalRuntime.Tests.Support;
using CloudRewind.TestSupport;

namespace CloudRewind.LocalRuntime.Tests.Conformance.Support;

/// <summary>
/// The functions app of the suite, one for all of its tests: a process that the suite starts, or whatever answers at the
/// address in <c>CLOUDREWIND_CONFORMANCE_URL</c>, such as <c>func start</c>.
/// </summary>
public sealed class ConformanceApp : IAsyncLifetime
{
    private AppProgram? _program;

    /// <summary>The address of an app that something else started, without the route prefix; null where there is none.</summary>
    public static string? OutsideUrl { get; } =
        Environment.GetEnvironmentVariable("CLOUDREWIND_CONFORMANCE_URL") is { Length: > 0 } url ? url.TrimEnd('/') : null;

    internal ConformanceClient Client { get; private set; } = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        if (OutsideUrl is not null)
        {
            Client = new ConformanceClient(new Uri($"{OutsideUrl}/api/"));
            return;
        }

        _program = ProgramOn(await TestStorage.SharedAsync());
        Client = await StartAsync(_program);
    }

    /// <inheritdoc/>
    public Task DisposeAsync()
    {
        Client?.Dispose();
        _program?.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Starts a program of the app.</summary>
    internal static async Task<ConformanceClient> StartAsync(AppProgram program)
    {
        await program.StartAsync();
        return new ConformanceClient(new Uri(program.BaseAddress, "api/"));
    }

    /// <summary>The program that was built with the tests, in the same configuration.</summary>
    internal static AppProgram ProgramOn(Azurite azurite) => new(Path.Combine(
        Repository.Root,
        "tests",
        "CloudRewind.Conformance.App",
        "bin",
        typeof(ConformanceApp).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration,
        Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)),
        "CloudRewind.Conformance.App.dll"), TestStorage.ConnectionString(azurite));
}

/// <summary>The tests that share the app; they run one after another, beside the other tests.</summary>
[CollectionDefinition(Name)]
public sealed class ConformanceSuite : ICollectionFixture<ConformanceApp>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "Conformance";
}
