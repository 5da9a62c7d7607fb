using CloudRewind.Domain.Retention;

namespace CloudRewind.Domain.Protections;

/// <summary>What came of recording a transition, and the protection after it.</summary>
/// <param name="Result">What came of it.</param>
/// <param name="Protection">The protection as it stands, whatever came of it; null where there is none.</param>
/// <param name="NewestGoodBefore">Where it was recorded, and is an outcome: the newest good copy of the assembly until then; null where there was none.</param>
public sealed record RecordedTransition(RecordResult Result, Protection? Protection, RecoveryPoint? NewestGoodBefore = null);
