using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace RealtimeInference;

/// <summary>Predicts many items, of a collection, a stream or a channel, with the predictor that also serves single ones.</summary>
public static class PredictorBulkExtensions
{
    /// <summary>Predicts each item of a collection or a lazy sequence.</summary>
    /// <typeparam name="TIn">The type of a request.</typeparam>
    /// <typeparam name="TOut">The type of a prediction.</typeparam>
    /// <param name="predictor">The predictor.</param>
    /// <param name="inputs">The items; read on a thread of the pool, which they may block.</param>
    /// <param name="options">The settings; checked and copied at once.</param>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>
    /// A result per item. The error of an item is in its result; an overload is waited out; the error of the source is thrown
    /// after the results of what was read before. Leaving early cancels what is under way and waits for it.
    /// </returns>
    /// <exception cref="ArgumentException">The options have faults; the message has all of them.</exception>
    public static IAsyncEnumerable<PredictionResult<TIn, TOut>> PredictManyAsync<TIn, TOut>(
        this IPredictor<TIn, TOut> predictor,
        IEnumerable<TIn> inputs,
        PredictManyOptions<TIn, TOut>? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        ArgumentNullException.ThrowIfNull(inputs);
        PredictManyOptions<TIn, TOut> copy = Copy(options);
        if (copy.TotalCount is null && inputs.TryGetNonEnumeratedCount(out int count))
        {
            copy.TotalCount = count;
        }

        return RunAsync(predictor, inputs.ToAsyncEnumerable(), copy, cancellationToken);
    }

    /// <summary>Predicts each item of a stream.</summary>
    /// <inheritdoc cref="PredictManyAsync{TIn, TOut}(IPredictor{TIn, TOut}, IEnumerable{TIn}, PredictManyOptions{TIn, TOut}?, CancellationToken)"/>
    /// <param name="predictor">The predictor.</param>
    /// <param name="inputs">The items; its enumerator is disposed before the enumeration of the results ends.</param>
    /// <param name="options">The settings; checked and copied at once.</param>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    public static IAsyncEnumerable<PredictionResult<TIn, TOut>> PredictManyAsync<TIn, TOut>(
        this IPredictor<TIn, TOut> predictor,
        IAsyncEnumerable<TIn> inputs,
        PredictManyOptions<TIn, TOut>? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        ArgumentNullException.ThrowIfNull(inputs);
        return RunAsync(predictor, inputs, Copy(options), cancellationToken);
    }

    /// <summary>Predicts each item of a channel, until it is completed.</summary>
    /// <inheritdoc cref="PredictManyAsync{TIn, TOut}(IPredictor{TIn, TOut}, IEnumerable{TIn}, PredictManyOptions{TIn, TOut}?, CancellationToken)"/>
    /// <param name="predictor">The predictor.</param>
    /// <param name="inputs">The items. Those that were read and whose results were not taken are lost if the enumeration is left early.</param>
    /// <param name="options">The settings; checked and copied at once.</param>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    public static IAsyncEnumerable<PredictionResult<TIn, TOut>> PredictManyAsync<TIn, TOut>(
        this IPredictor<TIn, TOut> predictor,
        ChannelReader<TIn> inputs,
        PredictManyOptions<TIn, TOut>? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        ArgumentNullException.ThrowIfNull(inputs);

        // The pump's token comes with the enumeration.
        return RunAsync(predictor, inputs.ReadAllAsync(CancellationToken.None), Copy(options), cancellationToken);
    }

    private static PredictManyOptions<TIn, TOut> Copy<TIn, TOut>(PredictManyOptions<TIn, TOut>? options) =>
        (options ?? new PredictManyOptions<TIn, TOut>()).CheckedCopy(nameof(options));

    private static async IAsyncEnumerable<PredictionResult<TIn, TOut>> RunAsync<TIn, TOut>(
        IPredictor<TIn, TOut> predictor,
        IAsyncEnumerable<TIn> inputs,
        PredictManyOptions<TIn, TOut> options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var progress = new ProgressTracker(
            options.Progress, options.ProgressInterval, options.StartIndex, options.TotalCount, options.TimeProvider);
        var pump = new PredictionPump<TIn, TOut>(predictor, inputs, options, cancellationToken);
        try
        {
            // Cancellation ends everything that these wait for, and is waited for anyway: they need no token of their own.
            while (await pump.WaitAsync().ConfigureAwait(false))
            {
                while (pump.TryTake(out PredictionResult<TIn, TOut> result))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return result;

                    // Only a consumer who asks for the next one gets here: then it is done with this one.
                    if (options.Acknowledge is { } acknowledge)
                    {
                        await acknowledge(result, cancellationToken).ConfigureAwait(false);
                    }

                    progress.Add(result.Index, result.IsSuccess);
                    pump.Release();
                }
            }

            cancellationToken.ThrowIfCancellationRequested();
            pump.ThrowIfSourceFailed();
        }
        finally
        {
            await pump.DisposeAsync().ConfigureAwait(false);
            progress.End();
        }
    }
}
