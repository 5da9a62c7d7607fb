using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;

namespace CloudRewind.Domain.Capture;

/// <summary>What a provider works for: its snapshots carry the protection's id, so that they are found again.</summary>
/// <param name="Protection">The protection.</param>
/// <param name="Assembly">Its assembly, with the connection to use.</param>
public sealed record CaptureTarget(ProtectionId Protection, CloudAssembly Assembly);
