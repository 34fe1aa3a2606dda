namespace RealtimeInference;

/// <summary>What a prediction cache has done so far, for monitoring: ask the predictor for it with <c>GetService</c>. Thread-safe.</summary>
public sealed class PredictionCacheStatistics
{
    private readonly StripedCounter _hits = new();
    private long _misses;
    private long _joined;
    private long _stored;
    private long _notStored;
    private long _evicted;
    private long _expired;
    private long _secondLevelHits;
    private long _secondLevelFaults;

    internal PredictionCacheStatistics()
    {
    }

    /// <summary>Gets how many requests were answered from this process's memory.</summary>
    public long Hits => _hits.Sum;

    /// <summary>Gets how many requests found nothing and led a run, or a look into the second level.</summary>
    public long Misses => Interlocked.Read(ref _misses);

    /// <summary>Gets how many requests joined an identical one that was under way.</summary>
    public long Joined => Interlocked.Read(ref _joined);

    /// <summary>Gets how many predictions were stored.</summary>
    public long Stored => Interlocked.Read(ref _stored);

    /// <summary>
    /// Gets how many predictions succeeded but were not stored: on defaulted features, by model versions that changed meanwhile, or refused by the
    /// cache itself.
    /// </summary>
    public long NotStored => Interlocked.Read(ref _notStored);

    /// <summary>Gets how many predictions left, or did not come in, for want of room.</summary>
    public long Evicted => Interlocked.Read(ref _evicted);

    /// <summary>Gets how many expired predictions were cleared away; a cache does so now and then, not at once.</summary>
    public long Expired => Interlocked.Read(ref _expired);

    /// <summary>Gets how many of the misses were answered by the second level.</summary>
    public long SecondLevelHits => Interlocked.Read(ref _secondLevelHits);

    /// <summary>Gets how many reads and writes of the second level failed, took too long, or were left out because too many were under way.</summary>
    /// <remarks>The <c>HybridCache</c> of Microsoft.Extensions logs failures of the store behind it on its own, and shows them as misses.</remarks>
    public long SecondLevelFaults => Interlocked.Read(ref _secondLevelFaults);

    internal void AddHit() => _hits.Increment();

    internal void AddMiss() => Interlocked.Increment(ref _misses);

    internal void AddJoined() => Interlocked.Increment(ref _joined);

    internal void AddStored() => Interlocked.Increment(ref _stored);

    internal void AddNotStored() => Interlocked.Increment(ref _notStored);

    internal void AddEvicted() => Interlocked.Increment(ref _evicted);

    internal void AddExpired() => Interlocked.Increment(ref _expired);

    internal void AddSecondLevelHit() => Interlocked.Increment(ref _secondLevelHits);

    internal void AddSecondLevelFault() => Interlocked.Increment(ref _secondLevelFaults);
}
