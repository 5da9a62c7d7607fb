using CloudRewind.LocalRuntime.DevelopmentStorage;

namespace CloudRewind.LocalRuntime.Tests.Support;

/// <summary>One Azurite for all tests of the assembly; each test has a hub of its own in it.</summary>
internal static class TestStorage
{
    // The account key that every emulator has, and that is no secret.
    private const string DevelopmentKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly Lazy<Task<Azurite>> s_shared = new(() => StartAsync());

    public static string Root { get; } = FindRoot();

    public static Task<Azurite> SharedAsync() => s_shared.Value;

    public static Task<Azurite> StartAsync(string? folder = null) => Azurite.StartAsync(new AzuriteOptions
    {
        Root = Root,
        InMemory = folder is null,
        Folder = folder ?? Directory.CreateTempSubdirectory("azurite-").FullName,
    });

    public static string ConnectionString(Azurite azurite) =>
        $"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={DevelopmentKey};TableEndpoint={azurite.TableEndpoint};";

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "package.json")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run from within the repository.");
        return folder.FullName;
    }
}
