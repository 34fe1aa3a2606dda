using System.Runtime.CompilerServices;

namespace RealtimeInference;

/// <summary>The way into a pipeline: rents a context for the time of one prediction.</summary>
/// <remarks>
/// A clock read costs 20 to 45 ns, a stage of a small model less; so the stages are timed only if somebody can read it: a
/// decorator, a stage that gets the context, or a caller who brought the context along.
/// </remarks>
internal static class PredictorEntry
{
    /// <summary>Predicts with a context that was rented for it.</summary>
    /// <param name="predictor">The predictor.</param>
    /// <param name="input">The request.</param>
    /// <param name="context">The context; it is given back.</param>
    /// <param name="cancellationToken">Gives the prediction up.</param>
    public static ValueTask<TOut> PredictAsync<TIn, TOut>(
        IPredictor<TIn, TOut> predictor, TIn input, PredictionContext context, CancellationToken cancellationToken)
    {
        ValueTask<TOut> task;
        try
        {
            task = predictor.PredictAsync(input, context, cancellationToken);
        }
        catch (Exception exception)
        {
            context.Dispose();
            return FromException<TOut>(exception, cancellationToken);
        }

        return Release(task, context, isEarly: false);
    }

    /// <summary>Gives a context back when a prediction ends.</summary>
    /// <param name="task">The prediction, under way.</param>
    /// <param name="context">The context.</param>
    /// <param name="isEarly">Whether nothing touches the context any more, whether the prediction is complete or not.</param>
    public static ValueTask<TOut> Release<TOut>(in ValueTask<TOut> task, PredictionContext context, bool isEarly)
    {
        // One that has failed is handed on as it is: to await it here would throw its error once more, for nothing.
        if (isEarly || task.IsCompleted)
        {
            context.Dispose();
            return task;
        }

        return AwaitAsync(task, context);
    }

    public static async IAsyncEnumerable<TOut> PredictStreamingAsync<TIn, TOut>(
        IStreamingPredictor<TIn, TOut> predictor,
        TIn input,
        PredictorOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using PredictionContext context = PredictionContext.Rent(options, default, isTimed: true);
        await foreach (TOut part in predictor.PredictStreamingAsync(input, context, cancellationToken).ConfigureAwait(false))
        {
            yield return part;
        }
    }

    /// <summary>Turns an error that was found at once into a task that carries it.</summary>
    public static ValueTask<TOut> FromException<TOut>(Exception exception, CancellationToken cancellationToken) =>
        exception is OperationCanceledException canceled && canceled.CancellationToken == cancellationToken && cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<TOut>(cancellationToken)
            : ValueTask.FromException<TOut>(exception);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<TOut> AwaitAsync<TOut>(ValueTask<TOut> task, PredictionContext context)
    {
        try
        {
            return await task.ConfigureAwait(false);
        }
        finally
        {
            context.Dispose();
        }
    }
}
