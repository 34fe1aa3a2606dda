using System.Runtime.CompilerServices;

namespace RealtimeInference;

/// <summary>The way into a pipeline: rents a context for the time of one prediction.</summary>
/// <remarks>
/// A clock read costs 20 to 45 ns, a stage of a small model less; so the stages are timed only if somebody can read it: a
/// decorator, a stage that gets the context, or a caller who brought the context along.
/// </remarks>
internal static class PredictorEntry
{
    public static ValueTask<TOut> PredictAsync<TIn, TOut>(
        IPredictor<TIn, TOut> predictor, TIn input, TimeProvider timeProvider, bool isTimed, CancellationToken cancellationToken)
    {
        PredictionContext context = PredictionContext.Rent(timeProvider, isTimed);
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

        if (task.IsCompletedSuccessfully)
        {
            TOut result = task.GetAwaiter().GetResult();
            context.Dispose();
            return new ValueTask<TOut>(result);
        }

        return AwaitAsync(task, context);
    }

    public static async IAsyncEnumerable<TOut> PredictStreamingAsync<TIn, TOut>(
        IStreamingPredictor<TIn, TOut> predictor,
        TIn input,
        TimeProvider timeProvider,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using PredictionContext context = PredictionContext.Rent(timeProvider);
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
