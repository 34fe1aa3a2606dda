namespace RealtimeInference;

/// <summary>A row as a near cache holds it, or the knowledge that there is none. Immutable.</summary>
/// <param name="data">The values; null where the store has no such row.</param>
/// <param name="timestamp">When they were true.</param>
/// <param name="expiresAt">When the store forgets them.</param>
/// <param name="freshUntil">Until when they are served without a thought, in ticks of the cache's clock.</param>
/// <param name="usableUntil">Until when they are served while they are fetched anew.</param>
internal sealed class CachedFeatures(
    FeatureRowData? data, DateTimeOffset? timestamp, DateTimeOffset? expiresAt, long freshUntil, long usableUntil)
{
    public long FreshUntil => freshUntil;

    public long UsableUntil => usableUntil;

    public void CopyTo(FeatureRow row)
    {
        if (data is null)
        {
            row.CompleteMissing();
        }
        else
        {
            row.CompleteShared(data, timestamp, expiresAt);
        }
    }

    /// <summary>The same, to be left alone for a while: to fetch it anew has just failed.</summary>
    public CachedFeatures WithFreshUntil(long until) => new(data, timestamp, expiresAt, Math.Min(until, usableUntil), usableUntil);
}
