using CloudRewind.Domain.Assemblies;

namespace CloudRewind.Functions.Tests.Support;

/// <summary>Has whatever assembly is asked for, until it is gone.</summary>
internal sealed class OneAssembly : ICloudAssemblyStore
{
    public bool IsGone { get; set; }

    public AssemblyDefinition Definition { get; set; } =
        new("Demo", null, "eu-central-1", new CloudConnection("arn:aws:iam::123456789012:role/cloud-rewind", null), new ResourceFilter.Manual([]), null, AssemblyStatus.Enabled);

    public Task<CloudAssembly?> FindAsync(AssemblyKey key, CancellationToken cancellationToken) =>
        Task.FromResult(IsGone ? null : new CloudAssembly(key, Definition, default, default, 1));

    public Task<CloudAssemblyPage> ListAsync(long accountId, string projectId, int skip, int take, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<CloudAssembly?> AdvanceDeletionAsync(AssemblyKey key, AssemblyStatus status, DateTimeOffset at, CancellationToken cancellationToken) =>
        FindAsync(key, cancellationToken);

    public Task<PutResult> PutAsync(
        AssemblyKey key, AssemblyDefinition definition, Predicate<CloudAssembly?> condition, DateTimeOffset at, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
