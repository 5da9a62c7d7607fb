using System.Text.Json;

namespace CloudRewind.FunctionsHost;

/// <summary>
/// What the host is told: on its command line, by the environment, in the app's local.settings.json and in its
/// host.json.
/// </summary>
public sealed record HostSettings
{
    /// <summary>
    /// The configuration section in which WebJobs and its extensions look for host.json; variables that begin with it
    /// override host.json, as in Azure.
    /// </summary>
    public const string HostJsonSection = "AzureFunctionsJobHost";

    private const string UrlsName = "ASPNETCORE_URLS";
    private const string EnvironmentVariable = "AZURE_FUNCTIONS_ENVIRONMENT";
    private const string StorageName = "AzureWebJobsStorage";
    private const string PollingName = $"{HostJsonSection}__extensions__durableTask__storageProvider__maxQueuePollingInterval";
    private const string Usage = "usage: APP_FOLDER [--urls http://localhost:7071] [--wait-for-debugger]";

    private HostSettings(string appFolder, IConfiguration configuration, IReadOnlyList<Uri> addresses, bool waitForDebugger) =>
        (AppFolder, Configuration, Addresses, WaitForDebugger) = (appFolder, configuration, addresses, waitForDebugger);

    /// <summary>The folder of the built or published app.</summary>
    public string AppFolder { get; }

    /// <summary>
    /// Where development storage, keys and Node packages are kept: the nearest folder above the app's that has a
    /// package.json; the app's where none has.
    /// </summary>
    public string RootFolder =>
        FoldersUpwards(AppFolder).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "package.json"))) ?? AppFolder;

    /// <summary>Everything that is set, host.json below <see cref="HostJsonSection"/>.</summary>
    public IConfiguration Configuration { get; }

    /// <summary>What the host listens on.</summary>
    public IReadOnlyList<Uri> Addresses { get; }

    /// <summary>Whether the worker waits until a debugger is attached; nothing times out then.</summary>
    public bool WaitForDebugger { get; }

    /// <summary>Development, unless the environment says otherwise.</summary>
    public string EnvironmentName => Configuration[EnvironmentVariable]!;

    /// <summary>The connection string of the storage of timers and of the Durable extension.</summary>
    public string Storage => Configuration[StorageName]!;

    /// <summary>What the path of every HTTP function begins with.</summary>
    public string RoutePrefix => (Configuration[$"{HostJsonSection}:extensions:http:routePrefix"] ?? "api").Trim('/');

    /// <summary>How long a function may run; null for ever.</summary>
    public TimeSpan? FunctionTimeout { get; private init; }

    /// <summary>Reads everything, and sets what the host and the worker both read as environment variables of this process.</summary>
    /// <exception cref="HostStartException">Something is missing or invalid.</exception>
    public static HostSettings Read(string[] args)
    {
        if (args is not [var app, .. var options] || app.StartsWith('-'))
            throw new HostStartException(Usage);
        var appFolder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(app));
        foreach (var file in (string[])["host.json", "worker.config.json"])
        {
            if (!File.Exists(Path.Combine(appFolder, file)))
                throw new HostStartException(
                    $"{appFolder} has no {file}; it must be the output folder of a built or published Functions app.");
        }

        string? urls = null;
        var waitForDebugger = false;
        for (var i = 0; i < options.Length; i++)
        {
            switch (options[i])
            {
                case "--wait-for-debugger":
                    waitForDebugger = true;
                    break;
                case "--urls" when i + 1 < options.Length:
                    urls = options[++i];
                    break;
                case var option when option.StartsWith("--urls=", StringComparison.Ordinal):
                    urls = option["--urls=".Length..];
                    break;
                default:
                    throw new HostStartException($"'{options[i]}' is not an option of the host. {Usage}");
            }
        }

        SetEnvironment(appFolder);
        var name = urls is null ? UrlsName : "--urls";
        urls ??= Environment.GetEnvironmentVariable(UrlsName);
        var addresses = AddressesOf(name, string.IsNullOrWhiteSpace(urls) ? "http://localhost:7071" : urls);
        Environment.SetEnvironmentVariable(UrlsName, null); // the worker listens where it chooses
        Environment.SetEnvironmentVariable("WEBSITE_HOSTNAME", addresses[0].Authority);

        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(HostJson(appFolder))
            .AddInMemoryCollection(NameAmongHosts(addresses[0]))
            .AddEnvironmentVariables()
            .Build();
        if (string.IsNullOrWhiteSpace(configuration[StorageName]))
        {
            throw new HostStartException(
                $"{StorageName} has no connection string, and this host cannot sign in with an identity: " +
                $"unset {StorageName}__*, and set {StorageName} to a connection string, or leave it out to store in Azurite.");
        }

        return new HostSettings(
            appFolder, configuration, addresses, waitForDebugger)
        { FunctionTimeout = waitForDebugger ? null : TimeoutOf(configuration) };
    }

    /// <summary>
    /// As `func start` does: the values of local.settings.json where the environment does not say otherwise, and what a
    /// worker expects of a host.
    /// </summary>
    private static void SetEnvironment(string appFolder)
    {
        // Where it is set, the Durable extension believes that it runs on the Consumption plan.
        Environment.SetEnvironmentVariable("CONTAINER_NAME", null);
        KeyValuePair<string, string?>[] defaults =
        [
            new("FUNCTIONS_WORKER_RUNTIME", "dotnet-isolated"),
            new(EnvironmentVariable, Environments.Development),
            new(StorageName, "UseDevelopmentStorage=true"),
            new(PollingName, "00:00:01"), // requests to Azurite cost nothing
        ];
        // A group such as AzureWebJobsStorage__accountName replaces the value of the same name.
        var isSet = Environment.GetEnvironmentVariables().Keys.Cast<string>().ToList();
        foreach (var (name, value) in LocalSettings(appFolder).Concat(defaults))
        {
            if (isSet.Any(other => other.Equals(name, StringComparison.OrdinalIgnoreCase)
                || other.StartsWith($"{name}__", StringComparison.OrdinalIgnoreCase)))
                continue;
            Environment.SetEnvironmentVariable(name, value);
            isSet.Add(name);
        }
    }

    private static IReadOnlyList<KeyValuePair<string, string?>> LocalSettings(string appFolder)
    {
        var file = Path.Combine(appFolder, "local.settings.json");
        if (!File.Exists(file))
            return [];
        var settings = ReadJson(file);
        return settings.GetValue<bool>("IsEncrypted")
            ? throw new HostStartException($"{file} is encrypted, which this host cannot read: func settings decrypt")
            : [.. settings.GetSection("Values").AsEnumerable(makePathsRelative: true).Where(pair => pair.Value is not null)
                .Select(pair => KeyValuePair.Create(pair.Key.Replace(":", "__", StringComparison.Ordinal), pair.Value))];
    }

    /// <summary>
    /// The name under which the Durable extension holds partitions. By itself it takes the machine's name: of two hosts
    /// on one machine, each would believe that it holds what the other does. One that starts again at the same address
    /// has its partitions back at once.
    /// </summary>
    private static KeyValuePair<string, string?>[] NameAmongHosts(Uri address) =>
        [new("WEBSITE_CURRENT_STAMPNAME", Environment.MachineName), new("RoleInstanceId", $"{address.Port}")];

    private static IEnumerable<KeyValuePair<string, string?>> HostJson(string appFolder) =>
        ReadJson(Path.Combine(appFolder, "host.json")).AsEnumerable()
            .Where(pair => pair.Value is not null)
            .Select(pair => KeyValuePair.Create($"{HostJsonSection}:{pair.Key}", pair.Value))
            .Append(new("AzureWebJobsConfigurationSection", HostJsonSection));

    private static IConfiguration ReadJson(string file)
    {
        try
        {
            return new ConfigurationBuilder().AddJsonFile(file).Build();
        }
        catch (Exception error) when (error is InvalidDataException or JsonException or FormatException or InvalidOperationException)
        {
            throw new HostStartException($"{file} cannot be read: {(error.InnerException ?? error).Message}");
        }
    }

    private static Uri[] AddressesOf(string name, string urls)
    {
        var addresses = urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(AddressOf).ToArray();
        return addresses.Length > 0 ? addresses : throw Invalid(urls);

        // + and * are Kestrel's words for every address; a Uri knows neither.
        Uri AddressOf(string url) =>
            Uri.TryCreate(
                url.Replace("://+", "://0.0.0.0", StringComparison.Ordinal).Replace("://*", "://0.0.0.0", StringComparison.Ordinal),
                UriKind.Absolute,
                out var address)
            && address is { Scheme: "http", PathAndQuery: "/", Fragment: "", UserInfo: "" }
            && (address.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6 || address.IsLoopback)
                ? address
                : throw Invalid(url);

        HostStartException Invalid(string url) =>
            new($"{name} is '{url}', which is not an address to listen on; " +
                "it must be http:// and localhost, * or an IP address, such as http://localhost:7071.");
    }

    private static TimeSpan? TimeoutOf(IConfiguration configuration) => configuration[$"{HostJsonSection}:functionTimeout"] switch
    {
        null => TimeSpan.FromMinutes(30), // the default of every plan but Consumption
        "-1" => null,
        var text when TimeSpan.TryParse(text, out var timeout) && timeout > TimeSpan.Zero => timeout,
        var text =>
            throw new HostStartException($"functionTimeout in host.json is '{text}'; it must be a time such as 00:05:00, or -1 for none."),
    };

    private static IEnumerable<string> FoldersUpwards(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            yield return folder.FullName;
    }
}
