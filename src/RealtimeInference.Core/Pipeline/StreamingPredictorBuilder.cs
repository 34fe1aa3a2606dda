namespace RealtimeInference;

/// <summary>A pipeline that ends in a stream: only decorators may follow. Immutable.</summary>
/// <typeparam name="TIn">The type of a request.</typeparam>
/// <typeparam name="TOut">The type of a part of the answer.</typeparam>
public sealed class StreamingPredictorBuilder<TIn, TOut>
{
    private readonly Func<PredictorOptions, IStreamingPredictor<TIn, TOut>> _buildInner;
    private readonly Func<IStreamingPredictor<TIn, TOut>, IStreamingPredictor<TIn, TOut>>[] _decorators;

    internal StreamingPredictorBuilder(
        Func<PredictorOptions, IStreamingPredictor<TIn, TOut>> buildInner,
        Func<IStreamingPredictor<TIn, TOut>, IStreamingPredictor<TIn, TOut>>[] decorators)
    {
        _buildInner = buildInner;
        _decorators = decorators;
    }

    /// <summary>Adds a decorator inside those added before it: the first added is the outermost.</summary>
    /// <param name="decorate">Gets the predictor inside and returns the one outside.</param>
    /// <returns>The pipeline with one more decorator.</returns>
    public StreamingPredictorBuilder<TIn, TOut> Use(
        Func<IStreamingPredictor<TIn, TOut>, IStreamingPredictor<TIn, TOut>> decorate)
    {
        ArgumentNullException.ThrowIfNull(decorate);
        return new StreamingPredictorBuilder<TIn, TOut>(_buildInner, [.. _decorators, decorate]);
    }

    /// <summary>Builds the predictor.</summary>
    /// <param name="options">Settings of the predictor as a whole.</param>
    /// <returns>A thread-safe predictor.</returns>
    /// <exception cref="InvalidOperationException">A decorator returned nothing.</exception>
    public IStreamingPredictor<TIn, TOut> Build(PredictorOptions? options = null)
    {
        IStreamingPredictor<TIn, TOut> predictor = _buildInner(options ?? new PredictorOptions());
        for (int i = _decorators.Length - 1; i >= 0; i--)
        {
            predictor = _decorators[i](predictor)
                ?? throw new InvalidOperationException($"Decorator {i + 1} returned no predictor. Return the one it was given to leave it out.");
        }

        return predictor;
    }
}
