namespace RealtimeInference;

/// <summary>A decorator: goes around a whole predictor. Passes everything through; override what is to change.</summary>
/// <typeparam name="TIn">The type of a request.</typeparam>
/// <typeparam name="TOut">The type of a prediction.</typeparam>
public abstract class DelegatingPredictor<TIn, TOut> : IPredictor<TIn, TOut>
{
    private readonly PredictorOptions _options;

    /// <summary>Initializes a new instance of the <see cref="DelegatingPredictor{TIn, TOut}"/> class.</summary>
    /// <param name="inner">The predictor to go around.</param>
    protected DelegatingPredictor(IPredictor<TIn, TOut> inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        Inner = inner;
        _options = inner.GetService(typeof(PredictorOptions)) as PredictorOptions ?? new PredictorOptions();
    }

    /// <summary>Gets the predictor inside.</summary>
    protected IPredictor<TIn, TOut> Inner { get; }

    /// <summary>Gets the clock of the predictor inside.</summary>
    protected TimeProvider TimeProvider => _options.TimeProvider;

    /// <inheritdoc/>
    public ValueTask<TOut> PredictAsync(TIn input, CancellationToken cancellationToken = default) =>
        PredictorEntry.PredictAsync(this, input, PredictionContext.Rent(_options, default, isTimed: true), cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<TOut> PredictAsync(TIn input, PredictionContext context, CancellationToken cancellationToken) =>
        Inner.PredictAsync(input, context, cancellationToken);

    /// <inheritdoc/>
    public virtual object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType.IsInstanceOfType(this) ? this : Inner.GetService(serviceType, serviceKey);
    }
}
