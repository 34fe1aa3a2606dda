using System.Runtime.CompilerServices;

namespace RealtimeInference;

/// <summary>A function as a stage.</summary>
internal sealed class TransformStage<TIn, TOut>(Func<TIn, PredictionContext, TOut> transform, string name) : IInnerStage<TIn, TOut>
{
    public ValueTask<TOut> InvokeAsync(in TIn input, PredictionContext context, CancellationToken cancellationToken)
    {
        TOut output = transform(input, context);
        context.EndStage(name);
        return new ValueTask<TOut>(output);
    }
}

/// <summary>Times a stage that is not the library's own.</summary>
internal sealed class TimedStage<TIn, TOut>(
    Func<TIn, PredictionContext, CancellationToken, ValueTask<TOut>> invoke, string name) : IInnerStage<TIn, TOut>
{
    public ValueTask<TOut> InvokeAsync(in TIn input, PredictionContext context, CancellationToken cancellationToken)
    {
        ValueTask<TOut> output = invoke(input, context, cancellationToken);
        if (!output.IsCompletedSuccessfully)
        {
            return AwaitAsync(output, name, context);
        }

        context.EndStage(name);
        return output;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<TOut> AwaitAsync(ValueTask<TOut> output, string name, PredictionContext context)
    {
        TOut result = await output.ConfigureAwait(false);
        context.EndStage(name);
        return result;
    }
}
