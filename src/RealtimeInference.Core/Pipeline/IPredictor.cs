namespace RealtimeInference;

/// <summary>One request in, one typed prediction out: the thing an app calls.</summary>
/// <remarks>
/// Implementations are thread-safe and take no ownership of what they were given: whoever creates a model disposes it.
/// A pipeline whose stages complete synchronously does so too, and then allocates nothing of its own. Errors, also those
/// found at once, come out when the task is awaited.
/// </remarks>
/// <typeparam name="TIn">The type of a request.</typeparam>
/// <typeparam name="TOut">The type of a prediction.</typeparam>
public interface IPredictor<in TIn, TOut>
{
    /// <summary>Predicts.</summary>
    /// <param name="input">The request.</param>
    /// <param name="cancellationToken">Gives the prediction up, also while the model runs.</param>
    /// <returns>The prediction.</returns>
    /// <exception cref="PredictionException">The request was refused or failed; the derived type says what can be done.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<TOut> PredictAsync(TIn input, CancellationToken cancellationToken = default);

    /// <summary>Predicts within a context that the caller holds: its id, its deadline, and the timings it collects.</summary>
    /// <param name="input">The request.</param>
    /// <param name="context">The context; used by one prediction at a time.</param>
    /// <param name="cancellationToken">Gives the prediction up, also while the model runs.</param>
    /// <returns>The prediction.</returns>
    /// <remarks>By default the context is ignored, which suits a predictor that is written by hand.</remarks>
    ValueTask<TOut> PredictAsync(TIn input, PredictionContext context, CancellationToken cancellationToken) =>
        PredictAsync(input, cancellationToken);

    /// <summary>Asks for a service that the predictor or something inside it offers, such as its <see cref="IModel"/>.</summary>
    /// <remarks>A pipeline answers <see cref="IReadOnlyList{T}"/> of <see cref="IModel"/> with all its models, in the order of their runs.</remarks>
    /// <param name="serviceType">The type of the service.</param>
    /// <param name="serviceKey">An optional key.</param>
    /// <returns>The service, or <see langword="null"/>.</returns>
    object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;
    }
}
