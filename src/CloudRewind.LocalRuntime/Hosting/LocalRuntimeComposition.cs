using System.Reflection;
using CloudRewind.LocalRuntime.Durable;
using CloudRewind.LocalRuntime.Functions;
using CloudRewind.LocalRuntime.Http;
using CloudRewind.LocalRuntime.Timers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace CloudRewind.LocalRuntime;

/// <summary>Puts the parts of the local runtime together.</summary>
internal sealed class LocalRuntimeComposition
{
    // The real host takes bodies of this size.
    private const long MaxRequestBytes = 100L * 1024 * 1024;
    // Of the ten seconds that a stop may take; the hub and Azurite need the rest.
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(5);

    private readonly LocalRuntimeOptions _options;
    private readonly LocalRuntimeEnvironment _environment;
    private readonly HostFile _hostFile = new();
    private readonly ILocalRuntimeStartup? _startup;
    private readonly List<LocalRuntimeStartException> _refusals = [];

    public LocalRuntimeComposition(LocalRuntimeOptions options)
    {
        _options = options;
        var root = RuntimeFolders.FindRoot(options.BaseDirectory);
        try
        {
            _hostFile = HostFile.Read(options.BaseDirectory, root);
        }
        catch (LocalRuntimeStartException e)
        {
            // Said when the app starts, where it ends the program with a message and no stack trace.
            _refusals.Add(e);
        }

        _environment = new LocalRuntimeEnvironment(root, _hostFile.RoutePrefix);
        _startup = options.App?.GetCustomAttribute<LocalRuntimeStartupAttribute>() is { } attribute
            ? (ILocalRuntimeStartup)Activator.CreateInstance(attribute.StartupType)!
            : null;
    }

    public List<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> Middleware { get; } = [];

    /// <summary>Whether the app has asked for HTTP.</summary>
    public bool Http { get; set; }

    public WebApplicationBuilder CreateWebBuilder()
    {
        var settings = new ConfigurationBuilder();
        try
        {
            LocalSettings.AddTo(settings, _options, _environment.Root);
        }
        catch (LocalRuntimeStartException e)
        {
            _refusals.Add(e);
        }

        var web = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = _options.App?.GetName().Name,
            ContentRootPath = _options.BaseDirectory,
            EnvironmentName = LocalSettings.EnvironmentName(settings.Build()),
        });
        foreach (var source in settings.Sources)
            ((IConfigurationBuilder)web.Configuration).Add(source);

        ConsoleLogging.AddTo(web.Logging, web.Configuration);
        var validate = web.Environment.IsDevelopment();
        web.Host.UseDefaultServiceProvider(o => o.ValidateScopes = o.ValidateOnBuild = validate);
        web.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;
        });
        web.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownLimit);
        return web;
    }

    public void Configure(FunctionsApplicationBuilder builder) => _startup?.Configure(builder, _environment);

    public IHost Build(WebApplicationBuilder web)
    {
        AddServices(web.Services, FindFunctions(), web.Configuration);
        var urls = web.Configuration["urls"] ?? web.Configuration["ASPNETCORE_URLS"];
        web.WebHost.UseUrls(string.IsNullOrWhiteSpace(urls) ? "http://localhost:7071" : urls);
        var app = web.Build();
        app.Run(app.Services.GetRequiredService<HttpDispatcher>().HandleAsync);
        return new LocalRuntimeHost(app, _environment, _startup, _refusals, _options.ThrowOnRefusal);
    }

    private FunctionCatalog FindFunctions()
    {
        try
        {
            var catalog = FunctionCatalog.Find(_options.FunctionTypes ?? _options.App?.GetTypes() ?? []);
            TimerTriggers.CheckSchedules(catalog);
            if (!Http && catalog.All.FirstOrDefault(f => f.Kind == FunctionKind.Http) is { } http)
                throw FunctionCatalog.Cannot(http.Name, "it is an HTTP function, and ConfigureFunctionsWebApplication was not called");
            return catalog;
        }
        catch (LocalRuntimeStartException e)
        {
            _refusals.Add(e);
            return FunctionCatalog.Find([]);
        }
    }

    private void AddServices(IServiceCollection services, FunctionCatalog catalog, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(catalog);
        services.AddSingleton(_environment);
        services.AddSingleton(new FunctionInvoker(Middleware));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<HttpDispatcher>(provider, _environment.RoutePrefix));
        services.AddDurableEngine(_hostFile, configuration);
        services.AddSingleton<TimerTriggers>();
    }
}
