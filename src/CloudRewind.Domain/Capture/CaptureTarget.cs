using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;

namespace CloudRewind.Domain.Capture;

/// <summary>One resource, for one protection: what a snapshot is tagged with, so that it is found again.</summary>
/// <param name="Protection">The protection.</param>
/// <param name="Assembly">The assembly that the resource belongs to, with the connection to use.</param>
/// <param name="ResourceId">The resource's id at AWS.</param>
public sealed record CaptureTarget(ProtectionId Protection, CloudAssembly Assembly, string ResourceId);
