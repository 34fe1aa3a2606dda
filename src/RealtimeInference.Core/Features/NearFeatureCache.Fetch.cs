namespace RealtimeInference;

public sealed partial class NearFeatureCache
{
    private void Start(FeatureFetch fetch)
    {
        ValueTask read = fetch.ReadAsync(_store);
        if (read.IsCompleted)
        {
            Land(fetch, read.AsTask());
        }
        else
        {
            _ = LandAsync(fetch, read.AsTask());
        }
    }

    private async Task LandAsync(FeatureFetch fetch, Task read)
    {
        TimeSpan timeout = TimeSpan.FromMilliseconds(Math.Ceiling(_options.FetchTimeout.TotalMilliseconds));
        await read.WaitAsync(timeout, _timeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Land(fetch, read);
    }

    private void Land(FeatureFetch fetch, Task read)
    {
        bool isLate = !read.IsCompleted;
        Exception error = isLate ? new TimeoutException($"The store did not answer within {_options.FetchTimeout} (the near cache's {nameof(NearFeatureCacheOptions.FetchTimeout)}).")
            : read.Exception?.InnerException
            ?? new InvalidOperationException("The store ended the read without completing the row. A store completes each row: as found, missing or failed.");
        lock (_lock)
        {
            foreach (FeatureFlight flight in fetch.Flights)
            {
                // A store that is late must find nothing to fill.
                flight.Row.Abandon();
                Land(flight, error);
            }
        }

        if (isLate)
        {
            fetch.Ticket = _gate.Abandon(fetch.Ticket);
            fetch.Cancel();
            read.ContinueWith(
                static (task, state) =>
                {
                    (NearFeatureCache cache, FeatureFetch fetch) = ((NearFeatureCache, FeatureFetch))state!;

                    // Looked at, so that it does not count as one that nobody saw.
                    _ = task.Exception;
                    cache._gate.Exit(fetch.Ticket, wasAbandoned: true);
                    fetch.Dispose();
                },
                (this, fetch),
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
        else
        {
            _gate.Exit(fetch.Ticket, wasAbandoned: false);
            fetch.Dispose();
        }

        fetch.SetDone();
    }

    private void Land(FeatureFlight flight, Exception error)
    {
        FeatureRow row = flight.Row;
        CachedFeatures? entry = row.DefaultReason switch
        {
            FeatureDefaultReason.None => CreateEntry(row),
            FeatureDefaultReason.Missing => CreateNegativeEntry(),
            _ => null,
        };
        flight.Land(entry, row.Error ?? error);
        if (flight.IsInvalidated)
        {
            return;
        }

        _flights.Remove(flight.Key);
        long now = _timeProvider.GetTimestamp();
        if (entry is null)
        {
            // What is old stays until its time is up, and the store is left alone for a moment.
            if (_table.TryGet(flight.Key, out CachedFeatures? old) && now < old.UsableUntil)
            {
                _table.Put(flight.Key, old.WithFreshUntil(now + ToTicks(_options.TimeToLive / 10)), static (_, _) => true);
            }
        }
        else if (now < entry.UsableUntil)
        {
            _table.Put(flight.Key, entry, static (_, _) => true);
        }
        else
        {
            _table.Remove(flight.Key);
        }
    }

    private CachedFeatures CreateEntry(FeatureRow row)
    {
        long now = _timeProvider.GetTimestamp();
        long end = now + ToTicks(_options.TimeToLive + _options.StaleWhileRevalidate);
        DateTimeOffset? expiresAt = row.ExpiresAt;

        // A row that grows too old for its view may be newer in the store by then; one that is already too old is as new as the store has it.
        DateTimeOffset? tooOldAt = row.Timestamp + row.View.TimeToLive;
        if (expiresAt is not null || tooOldAt is not null)
        {
            DateTimeOffset today = _timeProvider.GetUtcNow();
            end = Math.Min(end, expiresAt is { } e ? now + ToTicks(e - today) : end);
            end = Math.Min(end, tooOldAt is { } old && old > today ? now + ToTicks(old - today) : end);
        }

        return new CachedFeatures(row.DetachData(), row.Timestamp, expiresAt, Math.Min(now + ToTicks(_options.TimeToLive), end), end);
    }

    private CachedFeatures CreateNegativeEntry()
    {
        long end = _timeProvider.GetTimestamp() + ToTicks(_options.NegativeTimeToLive);
        return new CachedFeatures(null, null, null, end, end);
    }

    // Of times as long as a clock can count; further is the same as never.
    private long ToTicks(TimeSpan time) => (long)Math.Min(time.TotalSeconds * _timeProvider.TimestampFrequency, long.MaxValue / 4);
}
