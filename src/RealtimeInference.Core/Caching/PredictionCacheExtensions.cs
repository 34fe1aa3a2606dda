namespace RealtimeInference;

/// <summary>Adds a cache of predictions. Identical requests that meet share a run, whether their prediction is stored or not.</summary>
public static class PredictionCacheExtensions
{
    /// <summary>Answers requests whose key is known from memory. Each predictor that is built has entries of its own.</summary>
    /// <typeparam name="TIn">The type of a request.</typeparam>
    /// <typeparam name="TOut">The type of a prediction; it is handed to many callers, so it must not change.</typeparam>
    /// <typeparam name="TKey">The type of a key, compared by its own <see cref="object.Equals(object)"/>.</typeparam>
    /// <param name="builder">The pipeline.</param>
    /// <param name="keySelector">
    /// Finds everything in a request that its prediction depends on; thread-safe. <see langword="null"/> leaves a request uncached.
    /// </param>
    /// <param name="configure">Changes the defaults.</param>
    /// <returns>The pipeline, complete: only further decorators may follow.</returns>
    /// <exception cref="ArgumentException">The options have faults; the message names them all.</exception>
    public static DecoratedBuilder<TIn, TOut> Cache<TIn, TOut, TKey>(
        this PredictorBuilder<TIn, TOut> builder, Func<TIn, TKey> keySelector, Action<PredictionCacheOptions<TKey>>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(keySelector);
        PredictionCacheOptions<TKey> options = Configure(configure);
        return builder.Use(inner => new CachePredictor<TIn, TKey, TOut>(inner, keySelector, options));
    }

    /// <summary>Answers requests whose key is known from memory. Each predictor that is built has entries of its own.</summary>
    /// <typeparam name="TIn">The type of a request.</typeparam>
    /// <typeparam name="TOut">The type of a prediction; it is handed to many callers, so it must not change.</typeparam>
    /// <typeparam name="TKey">The type of a key, compared by its own <see cref="object.Equals(object)"/>.</typeparam>
    /// <param name="builder">The pipeline.</param>
    /// <param name="keySelector">
    /// Finds everything in a request that its prediction depends on; thread-safe. <see langword="null"/> leaves a request uncached.
    /// </param>
    /// <param name="configure">Changes the defaults.</param>
    /// <returns>The pipeline with one more decorator, inside those added before it.</returns>
    /// <exception cref="ArgumentException">The options have faults; the message names them all.</exception>
    public static DecoratedBuilder<TIn, TOut> Cache<TIn, TOut, TKey>(
        this DecoratedBuilder<TIn, TOut> builder, Func<TIn, TKey> keySelector, Action<PredictionCacheOptions<TKey>>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(keySelector);
        PredictionCacheOptions<TKey> options = Configure(configure);
        return builder.Use(inner => new CachePredictor<TIn, TKey, TOut>(inner, keySelector, options));
    }

    /// <summary>Answers examples whose tensors are known, by a hash of 128 bits, without running the model.</summary>
    /// <typeparam name="TIn">The type of a request.</typeparam>
    /// <typeparam name="T">The type of the example that is written.</typeparam>
    /// <param name="builder">The pipeline so far: the cache lies between its encoder and the run that follows.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <returns>The pipeline, waiting for its model.</returns>
    /// <remarks>
    /// What the decoder makes is stored, so it must depend on the tensors alone: not on the example, and not on anything that changes. Predictors
    /// built from the same builder share the entries.
    /// </remarks>
    /// <exception cref="ArgumentException">The options have faults; the message names them all.</exception>
    public static EncodedBuilder<TIn, T> Cache<TIn, T>(this EncodedBuilder<TIn, T> builder, Action<PredictionCacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        PredictionCacheOptions options = Configure(configure);
        return builder.Around(strategy => new CacheStrategy(strategy, options));
    }

    private static TOptions Configure<TOptions>(Action<TOptions>? configure)
        where TOptions : PredictionCacheOptions, new()
    {
        var options = new TOptions();
        configure?.Invoke(options);

        // A copy: whoever kept the options could change them behind the back of a builder that is immutable.
        options = (TOptions)options.Copy();
        string[] faults = [.. options.GetFaults()];
        return faults.Length == 0
            ? options
            : throw new ArgumentException("The options of the prediction cache have faults: " + string.Join(" ", faults), nameof(configure));
    }
}
