using System.Runtime.InteropServices;

namespace RealtimeInference;

/// <summary>Keeps the rows of another store in this process for a while. Thread-safe; takes no ownership of the store.</summary>
/// <remarks>
/// What it has it gives at once, without allocating. What it lacks it fetches, all rows of a read together, and each only once however many
/// ask for it. A fetch that fails fails those who wait for it, and is not remembered. What is written to the store is seen when the
/// row is fetched next: see <see cref="Invalidate"/>.
/// </remarks>
public sealed partial class NearFeatureCache : IFeatureStore
{
    private readonly IFeatureStore _store;
    private readonly NearFeatureCacheOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly FeatureTable<CachedFeatures> _table;

    // For the fetches only: a row that is there is read without it.
    private readonly Lock _lock = new();
    private readonly Dictionary<FeatureRowKey, FeatureFlight> _flights = [];
    private readonly ReadGate _gate;

    /// <summary>Initializes a new instance of the <see cref="NearFeatureCache"/> class.</summary>
    /// <param name="store">The store behind.</param>
    /// <param name="options">The settings.</param>
    /// <exception cref="ArgumentException">The options have faults; the message names them all.</exception>
    public NearFeatureCache(IFeatureStore store, NearFeatureCacheOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
        _options = (options ?? new NearFeatureCacheOptions()).CheckAndCopy();
        TimeProvider timeProvider = _timeProvider = _options.TimeProvider;
        _table = new FeatureTable<CachedFeatures>(_options.MaxRows, entry => entry.UsableUntil <= timeProvider.GetTimestamp());
        _gate = new ReadGate(_options.MaxOpenFetches);
    }

    /// <summary>Gets how many rows are kept, those that the store has not, and old ones that are not removed yet, included.</summary>
    public int Count => _table.Count;

    /// <summary>Gets how many fetches have not ended.</summary>
    internal int OpenFetches => _gate.Open;

    /// <inheritdoc/>
    public ValueTask ReadAsync(ReadOnlyMemory<FeatureRow> rows, CancellationToken cancellationToken)
    {
        long now = _timeProvider.GetTimestamp();
        bool isFetchNeeded = false;
        foreach (FeatureRow row in rows.Span)
        {
            if (_table.TryGet(new FeatureRowKey(row.View, row.Key), out CachedFeatures? entry) && now < entry.UsableUntil)
            {
                entry.CopyTo(row);
                isFetchNeeded |= now >= entry.FreshUntil;
            }
            else
            {
                isFetchNeeded = true;
            }
        }

        return isFetchNeeded ? FetchAsync(rows.Span, now, cancellationToken) : ValueTask.CompletedTask;
    }

    /// <summary>Forgets a row: who reads it next gets it from the store. Call it after a write.</summary>
    /// <param name="view">The view.</param>
    /// <param name="key">The key.</param>
    public void Invalidate(FeatureView view, EntityKey key)
    {
        ArgumentNullException.ThrowIfNull(view);
        var rowKey = new FeatureRowKey(view, key);
        lock (_lock)
        {
            if (_flights.Remove(rowKey, out FeatureFlight? flight))
            {
                flight.IsInvalidated = true;
            }

            _table.Remove(rowKey);
        }
    }

    /// <summary>Finds the cache, or what the store behind it offers, such as its <see cref="IFeatureWriter"/>.</summary>
    /// <param name="serviceType">The type of the service.</param>
    /// <param name="serviceKey">An optional key.</param>
    /// <returns>The service, or <see langword="null"/>.</returns>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType.IsInstanceOfType(this) ? this : _store.GetService(serviceType, serviceKey);
    }

    // Waits for what is not there, and has what is old fetched in the background: one read for both.
    private ValueTask FetchAsync(ReadOnlySpan<FeatureRow> rows, long now, CancellationToken cancellationToken)
    {
        List<(FeatureRow Row, FeatureFlight Flight)>? waiting = null;
        FeatureFetch? fetch = null;
        bool isRefused = false;
        lock (_lock)
        {
            foreach (FeatureRow row in rows)
            {
                var key = new FeatureRowKey(row.View, row.Key);
                bool isWaiting = !row.IsComplete;

                // Again, now that nobody can land: a fetch may have, since the look without the lock.
                if (_table.TryGet(key, out CachedFeatures? entry) && now < entry.FreshUntil)
                {
                    if (isWaiting)
                    {
                        entry.CopyTo(row);
                    }

                    continue;
                }

                if (!_flights.TryGetValue(key, out FeatureFlight? flight)
                    && (fetch is not null || (!isRefused && TryEnter(out fetch))))
                {
                    flight = new FeatureFlight(key, fetch!);
                    fetch!.Flights.Add(flight);
                    _flights.Add(key, flight);
                }

                isRefused |= flight is null;
                if (isWaiting)
                {
                    if (flight is null)
                    {
                        row.CompleteFailed(Refusal());
                    }
                    else
                    {
                        (waiting ??= []).Add((row, flight));
                    }
                }
            }
        }

        if (fetch is not null)
        {
            Start(fetch);
        }

        return waiting is null || DeliverDone(waiting) ? ValueTask.CompletedTask : WaitAsync(waiting, cancellationToken);
    }

    private bool TryEnter(out FeatureFetch? fetch)
    {
        if (!_gate.IsFull)
        {
            fetch = new FeatureFetch(_gate.Enter(_timeProvider));
            return true;
        }

        fetch = _gate.TryProbe(_timeProvider, out ReadTicket probe) ? new FeatureFetch(probe) : null;
        return fetch is not null;
    }

    private OverloadedException Refusal() => new(
        $"{OpenFetches} fetches of the near cache have not ended, and there may be {_options.MaxOpenFetches}: the store behind it does not keep up. " +
        $"Make it faster, or raise {nameof(NearFeatureCacheOptions.MaxOpenFetches)}.",
        _options.FetchTimeout);

    // Whether nothing is left to wait for.
    private static bool DeliverDone(List<(FeatureRow Row, FeatureFlight Flight)> waiting)
    {
        foreach ((FeatureRow row, FeatureFlight flight) in CollectionsMarshal.AsSpan(waiting))
        {
            if (flight.Fetch.Done.IsCompleted)
            {
                flight.Deliver(row);
            }
        }

        waiting.RemoveAll(static w => w.Flight.Fetch.Done.IsCompleted && w.Row.IsComplete);
        return waiting.Count == 0;
    }

    private static async ValueTask WaitAsync(List<(FeatureRow Row, FeatureFlight Flight)> waiting, CancellationToken cancellationToken)
    {
        do
        {
            Task[] fetches = [.. waiting.Select(static w => w.Flight.Fetch.Done).Distinct()];
            Task first = fetches.Length == 1 ? fetches[0] : Task.WhenAny(fetches);

            // Nobody reads the rows of a read that was given up, so to end it is enough; the fetch goes on for the others.
            await first.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
        while (!DeliverDone(waiting));
    }
}
