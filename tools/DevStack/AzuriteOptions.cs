namespace CloudRewind.DevStack;

/// <summary>The settings of an <see cref="Azurite"/>.</summary>
/// <param name="Root">The folder with package.json and node_modules.</param>
/// <param name="Folder">The folder for the data.</param>
/// <param name="Ports">The ports to listen on.</param>
internal sealed record AzuriteOptions(string Root, string Folder, AzuritePorts Ports)
{
    /// <summary>Whether the data ends with the process.</summary>
    public bool InMemory { get; init; }

    /// <summary>Called with a message before a step that can take minutes.</summary>
    public Action<string> Log { get; init; } = _ => { };
}
