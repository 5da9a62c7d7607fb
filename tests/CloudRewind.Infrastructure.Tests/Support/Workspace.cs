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

    public void Dispose() => Directory.Delete(root, recursive: true);
}
