namespace RealtimeInference;

/// <summary>A decorator: goes around a whole streaming predictor. Passes everything through; override what is to change.</summary>
/// <typeparam name="TIn">The type of a request.</typeparam>
/// <typeparam name="TOut">The type of a part of the answer.</typeparam>
public abstract class DelegatingStreamingPredictor<TIn, TOut> : IStreamingPredictor<TIn, TOut>
{
    private readonly PredictorOptions _options;


    /// <summary>Initializes a new instance of the <see cref="DelegatingStreamingPredictor{TIn, TOut}"/> class.</summary>
    /// <param name="inner">The predictor to go around.</param>
    protected DelegatingStreamingPredictor(IStreamingPredictor<TIn, TOut> inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        Inner = inner;
        _options = inner.GetService(typeof(PredictorOptions)) as PredictorOptions ?? new PredictorOptions();
    }

    /// <summary>Gets the predictor inside.</summary>
    protected IStreamingPredictor<TIn, TOut> Inner { get; }

    /// <inheritdoc/>
    public IAsyncEnumerable<TOut> PredictStreamingAsync(TIn input, CancellationToken cancellationToken = default) =>
        PredictorEntry.PredictStreamingAsync(this, input, _options, cancellationToken);

    /// <inheritdoc/>
    public virtual IAsyncEnumerable<TOut> PredictStreamingAsync(
        TIn input, PredictionContext context, CancellationToken cancellationToken) =>
        Inner.PredictStreamingAsync(input, context, cancellationToken);

    /// <inheritdoc/>
    public virtual object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType.IsInstanceOfType(this) ? this : Inner.GetService(serviceType, serviceKey);
    }
}
