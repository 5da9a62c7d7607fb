using CloudRewind.TestSupport;

namespace CloudRewind.Infrastructure.Tests.Support;

/// <summary>A copy of <c>infra/</c> with the <c>host.json</c> that it reads, in which a test may change and write what it likes.</summary>
internal sealed class Workspace : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("cloud-rewind-infra-").FullName;

    public Workspace()
    {
        File.Copy(Path.Combine(Repository.Root, "host.json"), HostJson);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "infra"), "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(root, Path.GetRelativePath(Repository.Root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    public string Infra => Path.Combine(root, "infra");

    public string HostJson => Path.Combine(root, "host.json");

    /// <summary>Puts a text in place of another one, which must be there.</summary>
    /// <param name="file">Its path below <c>infra/</c>.</param>
    /// <param name="text">What is there.</param>
    /// <param name="other">What is to be there.</param>
    public void Replace(string file, string text, string other)
    {
        var path = Path.Combine(Infra, file);
        var content = File.ReadAllText(path);
        Assert.Contains(text, content, StringComparison.Ordinal);
        File.WriteAllText(path, content.Replace(text, other, StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(root, recursive: true);
}
