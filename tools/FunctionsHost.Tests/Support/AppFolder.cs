namespace CloudRewind.FunctionsHost.Tests.Support;

/// <summary>A folder that looks like an app's, or nearly so.</summary>
internal sealed class AppFolder : IDisposable
{
    private AppFolder(string path) => Path = path;

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Makes one; null leaves a file out.</summary>
    public static AppFolder Create(string? hostJson = """{ "version": "2.0" }""", string? workerConfig = "{}", string? localSettings = null)
    {
        var folder = new AppFolder(Directory.CreateTempSubdirectory("cloudrewind-app-").FullName);
        folder.Write("host.json", hostJson);
        folder.Write("worker.config.json", workerConfig);
        folder.Write("local.settings.json", localSettings);
        return folder;
    }

    /// <summary>Makes a copy of the probe with these local settings.</summary>
    public static AppFolder OfProbe(string localSettings)
    {
        var folder = Create(null, null, localSettings);
        foreach (var file in Directory.EnumerateFiles(HostProgram.ProbeFolder))
            File.Copy(file, System.IO.Path.Combine(folder.Path, System.IO.Path.GetFileName(file)));
        return folder;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);

    private void Write(string name, string? content)
    {
        if (content is not null)
            File.WriteAllText(System.IO.Path.Combine(Path, name), content);
    }
}
