using System.Text;

namespace CloudRewind.LocalRuntime.Workload;

/// <summary>
/// What activities did, in files of this machine and not in the storage that is tested. What has been noted survives a
/// kill of the process: it is with the operating system.
/// </summary>
public sealed class Journal
{
    /// <summary>The environment variable with the folder; without it, nothing is noted.</summary>
    public const string FolderVariable = "WORKLOAD_JOURNAL";

    /// <summary>The environment variable with the number of this process in a row of processes.</summary>
    public const string LifeVariable = "WORKLOAD_LIFE";

    private readonly string? _folder;
    private readonly FileStream? _notes;
    private readonly Lock _gate = new();

    private Journal(string? folder, string life)
    {
        _folder = folder;
        if (folder is not null)
            _notes = Append(PathOf(folder, life));
    }

    public static Journal FromEnvironment() =>
        new(Environment.GetEnvironmentVariable(FolderVariable), Environment.GetEnvironmentVariable(LifeVariable) ?? "0");

    /// <summary>The file with the notes of one process: a line for each, key and value.</summary>
    public static string PathOf(string folder, string life) => Path.Combine(folder, $"computed-{life}.txt");

    public void Note(string key, string value)
    {
        lock (_gate)
            _notes?.Write(Encoding.UTF8.GetBytes($"{key} {value}\n"));
    }

    /// <summary>Counts one more of what this key names, over all processes.</summary>
    /// <returns>How many there are now.</returns>
    public long Count(string key)
    {
        lock (_gate)
        {
            if (_folder is null)
                return long.MaxValue;
            using var file = Append(Path.Combine(_folder, $"count-{key.Replace('/', '_')}"));
            file.WriteByte((byte)'.');
            return file.Length;
        }
    }

    /// <summary>Whether somebody outside has put this file into the folder.</summary>
    public bool Has(string file) => _folder is not null && File.Exists(Path.Combine(_folder, file));

    private static FileStream Append(string path) => new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
}
