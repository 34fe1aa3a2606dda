using System.Runtime.CompilerServices;

namespace RealtimeInference;

/// <summary>Admits streams up to a limit and refuses the rest at once. A stream holds its place until it ends.</summary>
internal sealed class ConcurrencyLimitStreamingPredictor<TIn, TOut>(IStreamingPredictor<TIn, TOut> inner, ConcurrencyLimit limit)
    : DelegatingStreamingPredictor<TIn, TOut>(inner)
{
    public override async IAsyncEnumerable<TOut> PredictStreamingAsync(
        TIn input, PredictionContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!limit.TryEnter(context.Priority, out long start))
        {
            throw limit.Refuse(context.Priority);
        }

        Exception? failure = null;
        IAsyncEnumerator<TOut>? parts = null;
        try
        {
            for (bool isFirst = true; ; isFirst = false)
            {
                // No part may be yielded from a block that catches.
                try
                {
                    parts ??= Inner.PredictStreamingAsync(input, context, cancellationToken).GetAsyncEnumerator(cancellationToken);
                    if (!await parts.MoveNextAsync().ConfigureAwait(false))
                    {
                        break;
                    }
                }
                catch (Exception exception)
                {
                    failure = exception;
                    throw;
                }

                if (isFirst)
                {
                    // How long the rest takes depends on its length and its reader.
                    limit.Measure(start);
                }

                yield return parts.Current;
            }
        }
        finally
        {
            try
            {
                if (parts is not null)
                {
                    await parts.DisposeAsync().ConfigureAwait(false);
                }
            }
            finally
            {
                if (failure is null)
                {
                    limit.End(start);
                }
                else
                {
                    limit.Fail(start, failure);
                }
            }
        }
    }

    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType == typeof(ConcurrencyLimit) ? limit : base.GetService(serviceType, serviceKey);
}
