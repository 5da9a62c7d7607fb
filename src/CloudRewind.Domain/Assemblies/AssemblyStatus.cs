namespace CloudRewind.Domain.Assemblies;

/// <summary>Whether an assembly may be protected.</summary>
public enum AssemblyStatus
{
    /// <summary>It may be protected.</summary>
    Enabled,

    /// <summary>It is kept, and not protected until it is enabled again.</summary>
    Disabled,

    /// <summary>It is to be deleted; nothing has been removed yet, and no new protection is accepted.</summary>
    DeleteRequested,

    /// <summary>Its protections are being pruned.</summary>
    DeleteInProgress,

    /// <summary>Nothing of its protections is left but their records. Its id is not used again.</summary>
    Deleted,
}
