using Microsoft.Extensions.Caching.Memory;

namespace RealtimeInference;

/// <summary>What both forms of the cache share: looking up, storing, and running what is not there.</summary>
/// <remarks>
/// The memory cache is the only table of what is stored: a second one, by <typeparamref name="TKey"/> itself, would need no key objects, but would
/// have to be kept in step with evictions that are reported later and on other threads.
/// </remarks>
internal sealed partial class PredictionCache<TIn, TKey, TOut>
{
    private readonly IMemoryCache _memory;
    private readonly PredictionCacheOptions _options;
    private readonly IModel[] _models;
    private readonly Func<TIn, PredictionContext, CancellationToken, ValueTask<TOut>> _run;
    private readonly Action<TIn>? _release;
    private readonly SecondLevel<TKey, TOut>? _secondLevel;
    private readonly PostEvictionDelegate _onEvicted;
    private ModelVersions _versions;

    /// <param name="options">The options, checked.</param>
    /// <param name="models">The models whose versions are a part of each key.</param>
    /// <param name="clock">The clock by which predictions expire, unless the options name one.</param>
    /// <param name="toText">Writes a key for the second level.</param>
    /// <param name="run">Makes a prediction.</param>
    /// <param name="release">Called once for each input that was given to <see cref="MissAsync"/>, when nothing needs it any more.</param>
    public PredictionCache(
        PredictionCacheOptions options,
        IEnumerable<IModel> models,
        TimeProvider clock,
        Func<TKey, string> toText,
        Func<TIn, PredictionContext, CancellationToken, ValueTask<TOut>> run,
        Action<TIn>? release = null)
    {
        _options = options;
        _models = [.. models];
        _versions = ModelVersions.Of(_models);
        _run = run;
        _release = release;
        _memory = options.MemoryCache ?? CreateMemory(options, clock);
        _secondLevel = options.SecondLevel is null ? null : new SecondLevel<TKey, TOut>(options, _models, toText, Statistics);
        _onEvicted = (_, _, reason, _) => CountEviction(reason);
    }

    public PredictionCacheStatistics Statistics { get; } = new();

    /// <summary>Looks a prediction of the present model versions up, and allocates nothing.</summary>
    public CachedPrediction<TOut>? Find(TKey key)
    {
        CacheKey<TKey> probe = CacheKey<TKey>.Rent(this, GetVersions(), key);
        _memory.TryGetValue(probe, out object? value);
        probe.Return();
        if (value is null)
        {
            return null;
        }

        Statistics.AddHit();
        return (CachedPrediction<TOut>)value;
    }

    // Read each time: a model handle may be given a new version while it serves.
    private ModelVersions GetVersions()
    {
        ModelVersions versions = Volatile.Read(ref _versions);
        if (!versions.Match(_models))
        {
            versions = ModelVersions.Of(_models);
            Volatile.Write(ref _versions, versions);
        }

        return versions;
    }

    /// <summary>Stores what a run has made, if it may be found again.</summary>
    private void Store(Flight<TKey, TOut> flight, CachedPrediction<TOut> prediction, bool hasDefaultedFeatures)
    {
        try
        {
            CacheKey<TKey>? key = flight.IsFoundInSecondLevel ? flight.Key
                : hasDefaultedFeatures ? null
                : GetKeyOfRun(flight.Key, prediction.ModelVersion);
            if (key is null)
            {
                Statistics.AddNotStored();
                return;
            }

            Keep(key, prediction);
            if (!flight.IsFoundInSecondLevel)
            {
                _secondLevel?.Write(key, prediction.Value);
            }
        }
        catch (Exception)
        {
            // A size that cannot be told, a cache of the host that is gone: none of it may cost the caller the prediction.
            Statistics.AddNotStored();
        }
    }

    private void Keep(CacheKey<TKey> key, CachedPrediction<TOut> prediction)
    {
        long size = _options.GetSize?.Invoke(prediction.Value) ?? 1;
        using (ICacheEntry entry = _memory.CreateEntry(key))
        {
            entry.Value = prediction;
            entry.Size = size;
            entry.AbsoluteExpirationRelativeToNow = Lifetime.Draw(_options.TimeToLive, _options);
            entry.PostEvictionCallbacks.Add(new PostEvictionCallbackRegistration { EvictionCallback = _onEvicted });
        }

        Statistics.AddStored();
    }

    /// <summary>Finds the key that holds the versions by which a prediction was made, given those from before the run.</summary>
    /// <returns><see langword="null"/> where they cannot be known.</returns>
    private CacheKey<TKey>? GetKeyOfRun(CacheKey<TKey> before, string? ran)
    {
        // A model need not say what it ran; then the versions before and after tell, if they are the same.
        if (before.Versions.Match(_models) && (ran is null || _models.Length == 0 || before.Versions.Contains(ran)))
        {
            return before;
        }

        // Swapped meanwhile. Of several models only the last says what it ran.
        return _models.Length == 1 && ran is not null ? new CacheKey<TKey>(this, new ModelVersions(ran), before.Value) : null;
    }

    private void CountEviction(EvictionReason reason)
    {
        if (reason == EvictionReason.Capacity)
        {
            Statistics.AddEvicted();
        }
        else if (reason == EvictionReason.Expired)
        {
            Statistics.AddExpired();
        }
    }

    private static MemoryCache CreateMemory(PredictionCacheOptions options, TimeProvider clock)
    {
        clock = options.TimeProvider ?? clock;
        return new MemoryCache(new MemoryCacheOptions
        {
            SizeLimit = options.SizeLimit,

            // Without one the memory cache reads the system's clock, which is quicker.
            Clock = clock == TimeProvider.System ? null : new CacheClock(clock),
        });
    }
}
