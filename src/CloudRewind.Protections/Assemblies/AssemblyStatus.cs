namespace CloudRewind.Protections.Assemblies;

/// <summary>Whether an assembly may be protected.</summary>
public enum AssemblyStatus
{
    /// <summary>It may be protected.</summary>
    Enabled,

    /// <summary>It is kept, and not protected until it is enabled again.</summary>
    Disabled,
}
