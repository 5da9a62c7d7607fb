using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;

namespace CloudRewind.Capture.Tests;

/// <summary>A target, and the filter that selects its resources.</summary>
public sealed record FilteredTarget(CaptureTarget Target, ResourceFilter Filter)
{
    public ProtectionId Protection => Target.Protection;

    public static implicit operator CaptureTarget(FilteredTarget filtered) => filtered?.Target!;

    public CaptureTarget ToCaptureTarget() => Target;
}
