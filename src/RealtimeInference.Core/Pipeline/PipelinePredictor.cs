namespace RealtimeInference;

/// <summary>A chain of stages as a predictor: the innermost of what a builder builds.</summary>
/// <param name="stages">The chain.</param>
/// <param name="services">What <see cref="GetService"/> finds: the models.</param>
/// <param name="options">The settings.</param>
/// <param name="isObserved">Whether some stage gets the context, and so might read the timings.</param>
/// <param name="endsInModel">Whether a model is last and all before it is synchronous.</param>
internal sealed class PipelinePredictor<TIn, TOut>(
    IInnerStage<TIn, TOut> stages, object[] services, PredictorOptions options, bool isObserved, bool endsInModel)
    : IPredictor<TIn, TOut>
{
    // Nobody keeps the context where the model is last and nobody else gets it.
    private readonly bool _isReleasedEarly = endsInModel && !isObserved;

    public ValueTask<TOut> PredictAsync(TIn input, CancellationToken cancellationToken = default)
    {
        PredictionContext context = PredictionContext.Rent(options, default, isObserved);
        ValueTask<TOut> task;
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            task = stages.InvokeAsync(in input, context, cancellationToken);
        }
        catch (Exception exception)
        {
            context.Dispose();
            return PredictorEntry.FromException<TOut>(exception, cancellationToken);
        }

        return PredictorEntry.Release(task, context, _isReleasedEarly);
    }

    public ValueTask<TOut> PredictAsync(TIn input, PredictionContext context, CancellationToken cancellationToken)
    {
        try
        {
            // Stages need not look at the token, and a model does only when its turn comes.
            cancellationToken.ThrowIfCancellationRequested();
            return stages.InvokeAsync(in input, context, cancellationToken);
        }
        catch (Exception exception)
        {
            return PredictorEntry.FromException<TOut>(exception, cancellationToken);
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        PipelineServices.Find(this, services, options, serviceType, serviceKey);
}

/// <summary>A chain of stages that ends in a stream.</summary>
internal sealed class StreamingPipelinePredictor<TIn, TMiddle, TOut>(
    IInnerStage<TIn, TMiddle> stages,
    Func<TMiddle, PredictionContext, CancellationToken, IAsyncEnumerable<TOut>> stream,
    object[] services,
    PredictorOptions options)
    : IStreamingPredictor<TIn, TOut>
{
    public IAsyncEnumerable<TOut> PredictStreamingAsync(TIn input, CancellationToken cancellationToken = default) =>
        PredictorEntry.PredictStreamingAsync(this, input, options, cancellationToken);

    public async IAsyncEnumerable<TOut> PredictStreamingAsync(
        TIn input,
        PredictionContext context,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TMiddle middle = await stages.InvokeAsync(input, context, cancellationToken).ConfigureAwait(false);
        try
        {
            await foreach (TOut part in stream(middle, context, cancellationToken)
                .WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                yield return part;
            }
        }
        finally
        {
            // Also for a reader who has seen enough.
            context.EndStage(StageNames.Stream);
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        PipelineServices.Find(this, services, options, serviceType, serviceKey);
}

internal static class PipelineServices
{
    public static object? Find(object self, object[] services, PredictorOptions options, Type serviceType, object? serviceKey)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType.IsInstanceOfType(self) ? self
            : serviceType == typeof(PredictorOptions) ? options
            : serviceType.IsInstanceOfType(options.TimeProvider) ? options.TimeProvider
            : serviceType == typeof(IReadOnlyList<IModel>) ? services.OfType<IModel>().ToArray()
            : Array.Find(services, serviceType.IsInstanceOfType);
    }
}
