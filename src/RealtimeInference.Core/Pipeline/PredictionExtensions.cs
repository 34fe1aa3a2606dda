namespace RealtimeInference;

/// <summary>Ways to call a predictor.</summary>
public static class PredictionExtensions
{
    /// <summary>Predicts with settings of this call.</summary>
    /// <typeparam name="TIn">The type of a request.</typeparam>
    /// <typeparam name="TOut">The type of a prediction.</typeparam>
    /// <param name="predictor">The predictor.</param>
    /// <param name="input">The request.</param>
    /// <param name="options">Priority and deadline; what is not set comes from the predictor's own options.</param>
    /// <param name="cancellationToken">Gives the prediction up, also while the model runs.</param>
    /// <returns>The prediction.</returns>
    public static ValueTask<TOut> PredictAsync<TIn, TOut>(
        this IPredictor<TIn, TOut> predictor, TIn input, PredictionOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        PredictorOptions defaults = predictor.GetService(typeof(PredictorOptions)) as PredictorOptions ?? new PredictorOptions();
        return PredictorEntry.PredictAsync(
            predictor, input, PredictionContext.Rent(defaults, options, isTimed: true), cancellationToken);
    }
}
