namespace RealtimeInference;

/// <summary>One request in, a stream of answers out, each as soon as it exists.</summary>
/// <remarks>Implementations are thread-safe and take no ownership of what they were given.</remarks>
/// <typeparam name="TIn">The type of a request.</typeparam>
/// <typeparam name="TOut">The type of a part of the answer.</typeparam>
public interface IStreamingPredictor<in TIn, out TOut>
{
    /// <summary>Predicts. Nothing happens before the stream is read.</summary>
    /// <param name="input">The request.</param>
    /// <param name="cancellationToken">Gives the prediction up.</param>
    /// <returns>The parts of the answer, in order.</returns>
    /// <exception cref="PredictionException">The request was refused or failed; raised while the stream is read.</exception>
    IAsyncEnumerable<TOut> PredictStreamingAsync(TIn input, CancellationToken cancellationToken = default);

    /// <summary>Predicts within a context that the caller holds.</summary>
    /// <param name="input">The request.</param>
    /// <param name="context">The context; used by one prediction at a time, until its stream has ended.</param>
    /// <param name="cancellationToken">Gives the prediction up.</param>
    /// <returns>The parts of the answer, in order.</returns>
    IAsyncEnumerable<TOut> PredictStreamingAsync(TIn input, PredictionContext context, CancellationToken cancellationToken) =>
        PredictStreamingAsync(input, cancellationToken);

    /// <summary>Asks for a service that the predictor or something inside it offers.</summary>
    /// <param name="serviceType">The type of the service.</param>
    /// <param name="serviceKey">An optional key.</param>
    /// <returns>The service, or <see langword="null"/>.</returns>
    object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;
    }
}
