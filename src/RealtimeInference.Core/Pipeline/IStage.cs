namespace RealtimeInference;

/// <summary>One typed step of a pipeline: turns a value into the next one. Implementations must be thread-safe.</summary>
/// <typeparam name="TIn">The type of the value that comes in.</typeparam>
/// <typeparam name="TOut">The type of the value that goes out.</typeparam>
public interface IStage<in TIn, TOut>
{
    /// <summary>Does the step.</summary>
    /// <param name="input">The value.</param>
    /// <param name="context">The context of the prediction; not to be kept after the step.</param>
    /// <param name="cancellationToken">Gives the prediction up.</param>
    /// <returns>The next value; a step that need not wait completes at once.</returns>
    ValueTask<TOut> InvokeAsync(TIn input, PredictionContext context, CancellationToken cancellationToken);
}
