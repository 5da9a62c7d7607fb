namespace CloudRewind.DevStack.Tests;

/// <summary>A folder of a test's own.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    /// <summary>Where it is. The name is one that a careless shell command breaks on.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("cloud rewind's ").FullName;

    /// <summary>A path below it.</summary>
    public string this[params string[] names] => System.IO.Path.Combine([Path, .. names]);

    /// <summary>Writes a file, with the folders above it.</summary>
    public void Write(string text, params string[] names)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[names])!);
        File.WriteAllText(this[names], text);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // An Azurite may still be writing its last file.
        }
    }
}
