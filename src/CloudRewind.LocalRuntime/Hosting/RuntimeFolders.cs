namespace CloudRewind.LocalRuntime;

/// <summary>Finds the repository's root.</summary>
internal static class RuntimeFolders
{
    /// <summary>The nearest folder, from this one upwards, that holds host.json and package.json; else this one.</summary>
    public static string FindRoot(string baseDirectory)
    {
        for (var folder = new DirectoryInfo(baseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "host.json")) && File.Exists(Path.Combine(folder.FullName, "package.json")))
                return folder.FullName;
        }

        return Path.TrimEndingDirectorySeparator(Path.GetFullPath(baseDirectory));
    }
}
