namespace RealtimeInference;

/// <summary>A cache around a whole predictor. Not a <see cref="DelegatingPredictor{TIn, TOut}"/>: what is found needs no context.</summary>
internal sealed class CachePredictor<TIn, TKey, TOut> : IPredictor<TIn, TOut>
{
    // Asked once: without optimisation the question boxes a struct.
    private static readonly bool s_canBeNull = default(TKey) is null;

    private readonly IPredictor<TIn, TOut> _inner;
    private readonly Func<TIn, TKey> _keySelector;
    private readonly PredictorOptions _predictorOptions;
    private readonly PredictionCache<TIn, TKey, TOut> _cache;

    public CachePredictor(IPredictor<TIn, TOut> inner, Func<TIn, TKey> keySelector, PredictionCacheOptions<TKey> options)
    {
        _inner = inner;
        _keySelector = keySelector;
        _predictorOptions = inner.GetService(typeof(PredictorOptions)) as PredictorOptions ?? new PredictorOptions();
        _cache = new PredictionCache<TIn, TKey, TOut>(options, GetModels(inner), _predictorOptions.TimeProvider, options.ToText, inner.PredictAsync);
    }

    public ValueTask<TOut> PredictAsync(TIn input, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<TOut>(cancellationToken);
        }

        TKey key;
        try
        {
            key = _keySelector(input);
            if (s_canBeNull && key is null)
            {
                return _inner.PredictAsync(input, cancellationToken);
            }

            if (_cache.Find(key) is { } hit)
            {
                return new ValueTask<TOut>(hit.Value);
            }
        }
        catch (Exception exception)
        {
            return PredictorEntry.FromException<TOut>(exception, cancellationToken);
        }

        return MissAsync(input, key, cancellationToken);
    }

    public ValueTask<TOut> PredictAsync(TIn input, PredictionContext context, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<TOut>(cancellationToken);
        }

        try
        {
            TKey key = _keySelector(input);
            if (s_canBeNull && key is null)
            {
                return _inner.PredictAsync(input, context, cancellationToken);
            }

            if (_cache.Find(key) is { } hit)
            {
                hit.Describe(context);
                return new ValueTask<TOut>(hit.Value);
            }

            return _cache.MissAsync(input, key, context, cancellationToken);
        }
        catch (Exception exception)
        {
            return PredictorEntry.FromException<TOut>(exception, cancellationToken);
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? _inner.GetService(serviceType, serviceKey)
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType == typeof(PredictionCacheStatistics) ? _cache.Statistics
            : _inner.GetService(serviceType);
    }

    private ValueTask<TOut> MissAsync(TIn input, TKey key, CancellationToken cancellationToken)
    {
        PredictionContext context = PredictionContext.Rent(_predictorOptions, default, isTimed: false);
        ValueTask<TOut> task;
        try
        {
            task = _cache.MissAsync(input, key, context, cancellationToken);
        }
        catch (Exception exception)
        {
            task = PredictorEntry.FromException<TOut>(exception, cancellationToken);
        }

        // Not timed, so nothing touches it any more.
        return PredictorEntry.Release(task, context, isEarly: true);
    }

    private static IReadOnlyList<IModel> GetModels(IPredictor<TIn, TOut> inner) =>
        inner.GetService(typeof(IReadOnlyList<IModel>)) as IReadOnlyList<IModel>
        ?? (inner.GetService(typeof(IModel)) is IModel model ? [model] : []);
}
