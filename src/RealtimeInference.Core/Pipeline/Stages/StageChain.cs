using System.Runtime.CompilerServices;

namespace RealtimeInference;

/// <summary>Two stages as one. Synchronous as long as both are.</summary>
internal sealed class StageChain<TIn, TMiddle, TOut>(IInnerStage<TIn, TMiddle> first, IInnerStage<TMiddle, TOut> second) : IInnerStage<TIn, TOut>
{
    public ValueTask<TOut> InvokeAsync(in TIn input, PredictionContext context, CancellationToken cancellationToken)
    {
        ValueTask<TMiddle> middle = first.InvokeAsync(in input, context, cancellationToken);
        return middle.IsCompletedSuccessfully
            ? second.InvokeAsync(middle.GetAwaiter().GetResult(), context, cancellationToken)
            : AwaitAsync(middle, second, context, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<TOut> AwaitAsync(
        ValueTask<TMiddle> middle, IInnerStage<TMiddle, TOut> second, PredictionContext context, CancellationToken cancellationToken) =>
        await second.InvokeAsync(await middle.ConfigureAwait(false), context, cancellationToken).ConfigureAwait(false);
}
