namespace RealtimeInference;

/// <summary>What a pipeline without stages does: nothing, and it is not timed.</summary>
internal sealed class EmptyStage<T> : IInnerStage<T, T>
{
    public ValueTask<T> InvokeAsync(in T input, PredictionContext context, CancellationToken cancellationToken) => new(input);
}
