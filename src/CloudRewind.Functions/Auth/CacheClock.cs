using Microsoft.Extensions.Internal;

namespace CloudRewind.Functions.Auth;

/// <summary>Lets a cache go by the app's clock.</summary>
internal sealed class CacheClock(TimeProvider time) : ISystemClock
{
    public DateTimeOffset UtcNow => time.GetUtcNow();
}
