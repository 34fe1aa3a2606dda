using System.Text;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace RealtimeInference;

/// <summary>A cache that several hosts share. Its faults are counted, and never reach a prediction.</summary>
internal sealed partial class SecondLevel<TKey, TOut>
{
    // Reads and writes under way. Those that time out go on in the store, and must not pile up there.
    private const int MaxPending = 256;

    // What is near is in our own memory, with our own limit.
    private static readonly HybridCacheEntryOptions s_readOptions = new()
    {
        Flags = HybridCacheEntryFlags.DisableLocalCache | HybridCacheEntryFlags.DisableDistributedCacheWrite,
    };

    private readonly HybridCache _cache;
    private readonly PredictionCacheOptions _options;
    private readonly PredictionCacheStatistics _statistics;
    private readonly ILogger _logger;
    private readonly Func<TKey, string> _toText;
    private readonly IModel[] _models;
    private int _pending;
    private int _isFailing;

    public SecondLevel(PredictionCacheOptions options, IModel[] models, Func<TKey, string> toText, PredictionCacheStatistics statistics)
    {
        _cache = options.SecondLevel!;
        _options = options;
        _models = models;
        _toText = toText;
        _statistics = statistics;
        _logger = (ILogger?)options.LoggerFactory?.CreateLogger("RealtimeInference.Caching") ?? NullLogger.Instance;
    }

    /// <summary>Looks a prediction up.</summary>
    /// <returns><see langword="null"/> where it is not there, or not in time, or there was a fault.</returns>
    public async Task<CachedPrediction<TOut>?> ReadAsync(CacheKey<TKey> key, PredictionContext terms, CancellationToken cancellationToken)
    {
        TimeSpan left = terms.TimeLeft;
        if (left <= TimeSpan.Zero || !TryBegin())
        {
            return null;
        }

        TimeSpan timeout = left < _options.SecondLevelTimeout ? left : _options.SecondLevelTimeout;
        using var source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<Found> reading = ReadAsync(key, source.Token);
        try
        {
            Found found = await reading
                .WaitAsync(timeout, terms.TimeProvider, cancellationToken).ConfigureAwait(false);
            if (found.Error is { } error)
            {
                cancellationToken.ThrowIfCancellationRequested();
                AddFault(error.Message);
                return null;
            }

            if (Interlocked.Exchange(ref _isFailing, 0) != 0)
            {
                LogRecovered(_logger, _options.Name);
            }

            if (!found.IsFound)
            {
                return null;
            }

            _statistics.AddSecondLevelHit();
            return new CachedPrediction<TOut>(found.Value!, _models.Length > 0 ? _models[^1].Name : null, key.Versions.Last);
        }
        catch (TimeoutException)
        {
            await source.CancelAsync().ConfigureAwait(false);
            AddFault($"no answer within {timeout.TotalMilliseconds:0.#} ms");
            return null;
        }
    }

    /// <summary>Stores a prediction, off the path of the request.</summary>
    public void Write(CacheKey<TKey> key, TOut value)
    {
        // Nothing cannot be told from nothing found.
        if (value is not null && TryBegin())
        {
            _ = Task.Run(() => WriteAsync(key, value));
        }
    }

    private async Task WriteAsync(CacheKey<TKey> key, TOut value)
    {
        try
        {
            var options = new HybridCacheEntryOptions
            {
                Expiration = Lifetime.Draw(_options.SecondLevelTimeToLive ?? _options.TimeToLive, _options),
                Flags = HybridCacheEntryFlags.DisableLocalCache,
            };
            await _cache.SetAsync(Format(key), value, options).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            AddFault(exception.Message);
        }
        finally
        {
            Interlocked.Decrement(ref _pending);
        }
    }

    // Never fails: when it has taken too long, nobody looks at it any more.
    private async Task<Found> ReadAsync(CacheKey<TKey> key, CancellationToken cancellationToken)
    {
        try
        {
            TOut value = await _cache
                .GetOrCreateAsync(Format(key), 0, static (_, _) => FindNothing(), s_readOptions, cancellationToken: cancellationToken)
                .ConfigureAwait(false);
            return new Found(value is not null, value, null);
        }
        catch (NotFoundException)
        {
            return default;
        }
        catch (Exception exception)
        {
            return new Found(false, default, exception);
        }
        finally
        {
            Interlocked.Decrement(ref _pending);
        }
    }

    // The shared cache has no plain look-up. What it is told to make when it finds nothing must not be taken for a prediction, also
    // not by another reader of the same key, who is given the same: so it is null, or an error for a type that has none.
    private static ValueTask<TOut> FindNothing() =>
        default(TOut) is null ? new ValueTask<TOut>(default(TOut)!) : ValueTask.FromException<TOut>(new NotFoundException());

    private string Format(CacheKey<TKey> key)
    {
        var text = new StringBuilder(Uri.EscapeDataString(_options.Name!));
        for (int i = 0; i < _models.Length; i++)
        {
            text.Append('/').Append(Uri.EscapeDataString(_models[i].Name)).Append('@').Append(Uri.EscapeDataString(key.Versions.All[i] ?? ""));
        }

        return text.Append('/').Append(_toText(key.Value)).ToString();
    }

    private bool TryBegin()
    {
        if (Interlocked.Increment(ref _pending) <= MaxPending)
        {
            return true;
        }

        Interlocked.Decrement(ref _pending);
        AddFault($"{MaxPending} reads and writes are under way");
        return false;
    }

    private void AddFault(string message)
    {
        _statistics.AddSecondLevelFault();

        // The first of a row: an outage must not fill the log.
        if (Interlocked.Exchange(ref _isFailing, 1) == 0)
        {
            LogFailing(_logger, _options.Name, message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The second level of the prediction cache '{Name}' fails: {Reason}. Predictions go on without it; this is logged once until it answers again")]
    private static partial void LogFailing(ILogger logger, string? name, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The second level of the prediction cache '{Name}' answers again")]
    private static partial void LogRecovered(ILogger logger, string? name);

    private readonly record struct Found(bool IsFound, TOut? Value, Exception? Error);

    private sealed class NotFoundException : Exception;
}
