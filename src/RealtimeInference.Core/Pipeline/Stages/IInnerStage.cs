namespace RealtimeInference;

/// <summary>A stage as a pipeline holds it: <see cref="IStage{TIn, TOut}"/>, but for the input, which stays where it is.</summary>
/// <remarks>
/// To copy a struct of some hundred bytes from stage to stage costs more than a small stage does: each copy waits until the
/// processor has written the one before.
/// </remarks>
internal interface IInnerStage<TIn, TOut>
{
    ValueTask<TOut> InvokeAsync(in TIn input, PredictionContext context, CancellationToken cancellationToken);
}

/// <summary>A stage with something to be found through the predictor's <see cref="IPredictor{TIn, TOut}.GetService"/>.</summary>
internal interface IServiceStage
{
    object Service { get; }
}
