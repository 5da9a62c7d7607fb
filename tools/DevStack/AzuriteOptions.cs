namespace CloudRewind.DevStack;

/// <summary>How to start Azurite.</summary>
internal sealed record AzuriteOptions
{
    /// <summary>The folder with package.json and node_modules.</summary>
    public required string Root { get; init; }

    /// <summary>Where it listens.</summary>
    public required AzuritePorts Ports { get; init; }

    /// <summary>Where the data is kept; <c>.local/azurite</c> below the root where nothing is said.</summary>
    public string Folder { get => field ?? Path.Combine(LocalFolder, "azurite"); init; }

    /// <summary>Keeps the data in memory only: it ends with the process.</summary>
    public bool InMemory { get; init; }

    /// <summary>Gets a line for the console before something that takes its time.</summary>
    public Action<string> Say { get; init; } = _ => { };

    /// <summary>Where this machine's own files are.</summary>
    public string LocalFolder => Path.Combine(Root, ".local");
}
