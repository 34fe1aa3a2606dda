using Microsoft.Extensions.Internal;

namespace RealtimeInference;

/// <summary>A <see cref="TimeProvider"/> as the clock of a memory cache, which is older than it.</summary>
internal sealed class CacheClock(TimeProvider timeProvider) : ISystemClock
{
    public DateTimeOffset UtcNow => timeProvider.GetUtcNow();
}
