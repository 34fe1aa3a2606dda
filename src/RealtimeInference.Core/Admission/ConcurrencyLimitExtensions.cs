namespace RealtimeInference;

/// <summary>Adds a limit of how many predictions are in flight, which adapts to the latency that is observed.</summary>
public static class ConcurrencyLimitExtensions
{
    /// <summary>Refuses predictions beyond a limit with <see cref="OverloadedException"/>. Each predictor that is built has a limit of its own.</summary>
    /// <typeparam name="TIn">The type of a request.</typeparam>
    /// <typeparam name="TOut">The type of a prediction.</typeparam>
    /// <param name="builder">The pipeline.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <returns>The pipeline, complete: only further decorators may follow.</returns>
    /// <exception cref="ArgumentException">The options have faults; the message names them all.</exception>
    public static DecoratedBuilder<TIn, TOut> LimitConcurrency<TIn, TOut>(
        this PredictorBuilder<TIn, TOut> builder, Action<ConcurrencyLimitOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ConcurrencyLimitOptions options = Configure(configure);
        return builder.Use(inner => new ConcurrencyLimitPredictor<TIn, TOut>(inner, Create(options, inner.GetService(typeof(TimeProvider)))));
    }

    /// <summary>Refuses predictions beyond a limit with <see cref="OverloadedException"/>. Each predictor that is built has a limit of its own.</summary>
    /// <typeparam name="TIn">The type of a request.</typeparam>
    /// <typeparam name="TOut">The type of a prediction.</typeparam>
    /// <param name="builder">The pipeline.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <returns>The pipeline with one more decorator, inside those added before it.</returns>
    /// <exception cref="ArgumentException">The options have faults; the message names them all.</exception>
    public static DecoratedBuilder<TIn, TOut> LimitConcurrency<TIn, TOut>(
        this DecoratedBuilder<TIn, TOut> builder, Action<ConcurrencyLimitOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ConcurrencyLimitOptions options = Configure(configure);
        return builder.Use(inner => new ConcurrencyLimitPredictor<TIn, TOut>(inner, Create(options, inner.GetService(typeof(TimeProvider)))));
    }

    /// <summary>Refuses streams beyond a limit with <see cref="OverloadedException"/>. A stream counts until it ends; its time to the first part is measured.</summary>
    /// <typeparam name="TIn">The type of a request.</typeparam>
    /// <typeparam name="TOut">The type of a part of the answer.</typeparam>
    /// <param name="builder">The pipeline.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <returns>The pipeline with one more decorator, inside those added before it.</returns>
    /// <exception cref="ArgumentException">The options have faults; the message names them all.</exception>
    public static StreamingPredictorBuilder<TIn, TOut> LimitConcurrency<TIn, TOut>(
        this StreamingPredictorBuilder<TIn, TOut> builder, Action<ConcurrencyLimitOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ConcurrencyLimitOptions options = Configure(configure);
        return builder.Use(inner =>
            new ConcurrencyLimitStreamingPredictor<TIn, TOut>(inner, Create(options, inner.GetService(typeof(TimeProvider)))));
    }

    private static ConcurrencyLimitOptions Configure(Action<ConcurrencyLimitOptions>? configure)
    {
        var options = new ConcurrencyLimitOptions();
        configure?.Invoke(options);

        // A copy: whoever kept the options could change them behind the back of a builder that is immutable.
        options = options.Copy();
        string[] faults = [.. options.GetFaults()];
        return faults.Length == 0
            ? options
            : throw new ArgumentException("The options of the concurrency limit have faults: " + string.Join(" ", faults), nameof(configure));
    }

    private static ConcurrencyLimit Create(ConcurrencyLimitOptions options, object? clock) =>
        new(options, clock as TimeProvider ?? TimeProvider.System);
}
