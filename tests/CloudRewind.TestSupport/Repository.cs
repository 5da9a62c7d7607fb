namespace CloudRewind.TestSupport;

/// <summary>Where the repository is.</summary>
public static class Repository
{
    /// <summary>The folder with the solution.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CloudRewind.Functions.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"No folder above {start} holds CloudRewind.Functions.sln.");
    }
}
