namespace CloudRewind.Benchmarks.Support;

/// <summary>
/// The app as it runs in production, under the local host: host.json's log levels and polling, and the defaults of its
/// own settings. It differs from production in its storage, which is Azurite, and in its resources, which are
/// simulated.
/// </summary>
internal sealed class MeasuredApp : IDisposable
{
    private readonly AppProcess process;
    private bool isAsked; // to run

    private MeasuredApp(AppProcess process, Tokens tokens, long accountId)
    {
        this.process = process;
        (Tokens, AccountId) = (tokens, accountId);
        Client = ClientOf(process.BaseAddress, tokens, accountId);
        Children.Add(this, () => process.HostId);
    }

    /// <summary>With a token that is good for all of the account.</summary>
    public ApiClient Client { get; }

    public Uri BaseAddress => process.BaseAddress;

    public Tokens Tokens { get; }

    /// <summary>The account that the client's token is for.</summary>
    public long AccountId { get; }

    /// <summary>Its host and its worker.</summary>
    public int[] ProcessIds => [process.HostId, process.WorkerId];

    /// <summary>Prepares one.</summary>
    /// <param name="storage">The runtime's storage.</param>
    /// <param name="tablesStorage">The storage of its tables; null: the runtime's.</param>
    /// <param name="beside">An app whose tokens it is to trust; null: none.</param>
    public static MeasuredApp Create(string storage, string? tablesStorage = null, MeasuredApp? beside = null)
    {
        var tokens = beside?.Tokens ?? Tokens.WithNewKey("https://issuer.example.com", "cloud-rewind");
        var process = new AppProcess(
        [
            ("AzureWebJobsStorage", storage),
            ("Storage__ConnectionString", tablesStorage ?? storage),
            ("AZURE_FUNCTIONS_ENVIRONMENT", "Production"),
            ("Auth__Jwks", tokens.Jwks),
            ("Auth__Issuer", tokens.Issuer),
            ("Auth__Audience", tokens.Audience),
            ("RateLimit__RequestsPerMinute", "0"),
            HostJson.PollingInterval,
        ]);
        process.Settings.Remove("Logging__LogLevel__Default"); // host.json says it, as in production
        return new MeasuredApp(process, tokens, beside?.AccountId ?? AssemblyAddress.NewId());
    }

    /// <summary>Starts one.</summary>
    /// <inheritdoc cref="Create"/>
    public static async Task<MeasuredApp> StartAsync(string storage, string? tablesStorage = null, MeasuredApp? beside = null)
    {
        var app = Create(storage, tablesStorage, beside);
        try
        {
            await app.StartAsync();
            return app;
        }
        catch
        {
            app.Dispose();
            throw;
        }
    }

    /// <summary>A client with a token that is good for all of an account.</summary>
    public static ApiClient ClientOf(Uri baseAddress, Tokens tokens, long accountId) =>
        new(
            baseAddress,
            tokens.Issue(new TokenClaims { AccountId = accountId, Subject = "benchmarks", Expires = DateTime.UtcNow.AddDays(2) }));

    /// <summary>The address of a new assembly of the account.</summary>
    public AssemblyAddress NewAssembly() => AssemblyAddress.New("benchmarks") with { AccountId = AccountId };

    /// <summary>Makes an assembly of two simulated resources and protects it.</summary>
    /// <returns>The assembly, and the id of its protection, which is a success.</returns>
    public async Task<(AssemblyAddress Assembly, string ProtectionId)> ProtectAsync()
    {
        var assembly = NewAssembly();
        await Client.PutAsync(assembly, SimulatedResources.Two);
        var id = await Client.ProtectAsync(assembly);
        await Client.UntilSuccessAsync(assembly, id);
        return (assembly, id);
    }

    /// <inheritdoc cref="AppProcess.StartAsync"/>
    public Task StartAsync()
    {
        isAsked = true;
        return process.StartAsync();
    }

    /// <inheritdoc cref="AppProcess.Launch"/>
    public void Launch()
    {
        isAsked = true;
        process.Launch();
    }

    /// <inheritdoc cref="AppProcess.StopGracefullyAsync"/>
    public Task StopAsync()
    {
        isAsked = false;
        return process.StopGracefullyAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (isAsked && !process.IsRunning)
            Console.Error.WriteLine($"The app ended by itself. It said:\n{process.Output}");
        Children.Remove(this);
        Client.Dispose();
        process.Dispose();
    }
}
