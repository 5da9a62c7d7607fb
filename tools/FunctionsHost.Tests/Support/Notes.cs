using CloudRewind.TestSupport;

namespace CloudRewind.FunctionsHost.Tests.Support;

/// <summary>The folder through which a test and the probe tell each other things.</summary>
internal sealed class Notes : IDisposable
{
    /// <summary>The folder.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("cloudrewind-probe-").FullName;

    /// <summary>What a note says so far.</summary>
    public IReadOnlyList<string> Lines(string name)
    {
        var path = Path.Combine(Folder, name);
        if (!File.Exists(path))
            return [];
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd().Split('\n')[..^1];
    }

    /// <summary>Makes a note.</summary>
    public void Add(string name) => File.WriteAllText(Path.Combine(Folder, name), "\n");

    /// <summary>Takes a note away.</summary>
    public void Remove(string name) => File.Delete(Path.Combine(Folder, name));

    /// <summary>Waits until a note has so many lines.</summary>
    public Task<IReadOnlyList<string>> UntilAsync(string name, int count = 1) =>
        UntilAsync(name, lines => lines.Count >= count, $"{count} lines");

    /// <summary>Waits until a note says something.</summary>
    public Task<IReadOnlyList<string>> UntilAsync(string name, Func<IReadOnlyList<string>, bool> isIt, string what) =>
        Eventually.GetAsync(() => Task.FromResult(Lines(name)), isIt, $"{what} in the note {name}");

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
