namespace CloudRewind.FunctionsHost.Probe;

/// <summary>A folder through which a test and the probe tell each other things: whatever is killed, a file stays.</summary>
/// <param name="folder">The folder.</param>
public sealed class Notes(string folder)
{
    /// <summary>The variable that names the folder.</summary>
    public const string FolderVariable = "Probe__Folder";

    /// <summary>Whether there is a note of this name.</summary>
    public bool Has(string name) => File.Exists(PathOf(name));

    /// <summary>How many lines a note has.</summary>
    public int Count(string name) => File.ReadAllLines(PathOf(name)).Length;

    /// <summary>Adds a line to a note.</summary>
    public void Add(string name, string line)
    {
        using var file = new FileStream(PathOf(name), FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        file.Write([.. System.Text.Encoding.UTF8.GetBytes(line), (byte)'\n']);
    }

    /// <summary>Waits until there is a note of this name.</summary>
    public async Task UntilAsync(string name, CancellationToken cancellationToken)
    {
        while (!Has(name))
            await Task.Delay(20, cancellationToken);
    }

    private string PathOf(string name) => Path.Combine(folder, name);
}
