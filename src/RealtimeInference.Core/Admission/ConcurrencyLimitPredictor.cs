using System.Runtime.CompilerServices;

namespace RealtimeInference;

/// <summary>Admits predictions up to a limit and refuses the rest at once.</summary>
internal sealed class ConcurrencyLimitPredictor<TIn, TOut>(IPredictor<TIn, TOut> inner, ConcurrencyLimit limit)
    : DelegatingPredictor<TIn, TOut>(inner)
{
    public override ValueTask<TOut> PredictAsync(TIn input, PredictionContext context, CancellationToken cancellationToken)
    {
        if (!limit.TryEnter(context.Priority, out long start))
        {
            return ValueTask.FromException<TOut>(limit.Refuse(context.Priority));
        }

        ValueTask<TOut> task;
        try
        {
            task = Inner.PredictAsync(input, context, cancellationToken);
        }
        catch (Exception exception)
        {
            limit.Fail(start, exception);
            return PredictorEntry.FromException<TOut>(exception, cancellationToken);
        }

        if (task.IsCompletedSuccessfully)
        {
            TOut output = task.GetAwaiter().GetResult();
            limit.Succeed(start);
            return new ValueTask<TOut>(output);
        }

        return AwaitAsync(task, start);
    }

    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType == typeof(ConcurrencyLimit) ? limit : base.GetService(serviceType, serviceKey);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<TOut> AwaitAsync(ValueTask<TOut> task, long start)
    {
        TOut output;
        try
        {
            output = await task.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            limit.Fail(start, exception);
            throw;
        }

        limit.Succeed(start);
        return output;
    }
}
