using System.Runtime.CompilerServices;

namespace RealtimeInference;

/// <summary>Two stages as one. Synchronous as long as both are.</summary>
internal sealed class StageChain<TIn, TMiddle, TOut>(IStage<TIn, TMiddle> first, IStage<TMiddle, TOut> second) : IStage<TIn, TOut>
{
    public ValueTask<TOut> InvokeAsync(TIn input, PredictionContext context, CancellationToken cancellationToken)
    {
        ValueTask<TMiddle> middle = first.InvokeAsync(input, context, cancellationToken);
        return middle.IsCompletedSuccessfully
            ? second.InvokeAsync(middle.GetAwaiter().GetResult(), context, cancellationToken)
            : AwaitAsync(middle, second, context, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<TOut> AwaitAsync(
        ValueTask<TMiddle> middle, IStage<TMiddle, TOut> second, PredictionContext context, CancellationToken cancellationToken) =>
        await second.InvokeAsync(await middle.ConfigureAwait(false), context, cancellationToken).ConfigureAwait(false);
}
