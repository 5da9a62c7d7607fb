using CloudRewind.Domain.Policies;
using CloudRewind.Domain.Protections;

namespace CloudRewind.Storage.Tests.Support;

/// <summary>A store of protections on the test bench.</summary>
public interface IStoreBench
{
    /// <summary>The store.</summary>
    IProtectionStore Store { get; }

    /// <summary>A client of the same store, whose writes meet what the test says.</summary>
    IProtectionStore StoreThrough(Func<Fault> next);

    /// <summary>The policies of the same store.</summary>
    IProtectionPolicyStore Policies { get; }

    /// <summary>The policies by when they are due.</summary>
    IDuePolicies Due { get; }

    /// <summary>Clients of the policies, whose writes meet what the test says.</summary>
    (IProtectionPolicyStore Policies, IDuePolicies Due) PoliciesThrough(Func<Fault> next);

    /// <summary>Whether a protection is on the watchdog's list.</summary>
    Task<bool> IsWatchedAsync(ProtectionId id);
}
