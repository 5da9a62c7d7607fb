namespace CloudRewind.Domain.Assemblies;

/// <summary>What follows from an <see cref="AssemblyStatus"/>.</summary>
public static class AssemblyStatuses
{
    /// <summary>Whether the assembly is on its way to being deleted, or has arrived there: nothing but that can become of it.</summary>
    public static bool IsDeletedOrDeleting(this AssemblyStatus status) =>
        status is AssemblyStatus.DeleteRequested or AssemblyStatus.DeleteInProgress or AssemblyStatus.Deleted;
}
