using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Changes;

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

    public async Task<(CloudAssembly Assembly, Change? Change)?> AdvanceDeletionAsync(
        AssemblyKey key, AssemblyStatus status, DateTimeOffset at, Actor by, CancellationToken cancellationToken) =>
        await FindAsync(key, cancellationToken) is { } assembly ? (assembly, null) : null;

    public Task<IReadOnlyList<Change>> ListChangesAsync(AssemblyKey key, int take, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<PutResult> PutAsync(
        AssemblyKey key, AssemblyDefinition definition, Predicate<CloudAssembly?> condition, DateTimeOffset at, Actor by, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
