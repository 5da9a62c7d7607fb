namespace CloudRewind.LocalRuntime;

/// <summary>Where an app runs on the local runtime.</summary>
public sealed class LocalRuntimeEnvironment
{
    private Uri? _baseAddress;

    internal LocalRuntimeEnvironment(string root, string routePrefix)
    {
        Root = root;
        RoutePrefix = routePrefix;
    }

    /// <summary>The repository's root: the nearest folder above the program that holds host.json and package.json.</summary>
    public string Root { get; }

    /// <summary>A git-ignored folder for what is local: <c>.local</c> at the root. It may not exist yet.</summary>
    public string LocalFolder => Path.Combine(Root, ".local");

    /// <summary>What every route begins with, <c>api</c> unless host.json says otherwise; may be empty.</summary>
    public string RoutePrefix { get; }

    /// <summary>The address that answers, with the port that was really opened.</summary>
    /// <exception cref="InvalidOperationException">The app has not started.</exception>
    public Uri BaseAddress
    {
        get => _baseAddress ?? throw new InvalidOperationException("The base address is known once the app has started.");
        internal set => _baseAddress = value;
    }
}
