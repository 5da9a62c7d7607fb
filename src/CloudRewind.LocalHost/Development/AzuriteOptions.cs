namespace CloudRewind.LocalHost.Development;

/// <summary>How to start Azurite's table service.</summary>
internal sealed record AzuriteOptions
{
    /// <summary>The folder with package.json and node_modules.</summary>
    public required string Root { get; init; }

    /// <summary>The port; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Where the data is kept; <c>.local/azurite</c> below the root where there is none.</summary>
    public string? Folder { get; init; }

    /// <summary>The folder that is used.</summary>
    public string DataFolder => Folder ?? Path.Combine(Root, ".local", "azurite");

    /// <summary>Keeps the data in memory only: it ends with the process.</summary>
    public bool InMemory { get; init; }

    /// <summary>Gets a line for the console when something takes its time.</summary>
    public Action<string> Say { get; init; } = _ => { };
}
