namespace RealtimeInference;

/// <summary>Adds the forward pass to a pipeline.</summary>
public static class BatchingExtensions
{
    /// <summary>Adds the forward pass. Requests that meet share a run where the model takes batches.</summary>
    /// <typeparam name="TIn">The type of a request.</typeparam>
    /// <typeparam name="T">The type of the example that is written.</typeparam>
    /// <param name="builder">The pipeline so far.</param>
    /// <param name="model">The model; the predictor borrows it and never disposes it.</param>
    /// <returns>The pipeline, waiting for its decoder.</returns>
    /// <remarks>A model without a batch dimension runs each request on its caller's thread, without a queue.</remarks>
    public static RunBuilder<TIn, T> Run<TIn, T>(this EncodedBuilder<TIn, T> builder, IModel model)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(model);
        return model.Signature.HasBatchDimension
            ? builder.Run(model, new BatchingStrategy(new BatchSettings(new BatchingOptions(), model)))
            : builder.RunUnbatched(model);
    }

    /// <summary>Adds the forward pass, with settings for the queue and the batches in front of it.</summary>
    /// <typeparam name="TIn">The type of a request.</typeparam>
    /// <typeparam name="T">The type of the example that is written.</typeparam>
    /// <param name="builder">The pipeline so far.</param>
    /// <param name="model">The model; the predictor borrows it and never disposes it.</param>
    /// <param name="configure">Sets the options. For a model without a batch dimension the batches have one example.</param>
    /// <returns>The pipeline, waiting for its decoder.</returns>
    /// <exception cref="ArgumentException">Options do not fit each other or the model; the message lists every fault.</exception>
    public static RunBuilder<TIn, T> Run<TIn, T>(this EncodedBuilder<TIn, T> builder, IModel model, Action<BatchingOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new BatchingOptions();
        configure(options);
        return builder.Run(model, new BatchingStrategy(new BatchSettings(options, model)));
    }

    private sealed class BatchingStrategy(BatchSettings settings) : IRunStrategy
    {
        public IInnerStage<T, TOut> CreateStage<T, TOut>(IInputEncoder<T> encoder, IModel model, IOutputDecoder<T, TOut> decoder) =>
            new BatchingStage<T, TOut>(encoder, model, decoder, settings);
    }
}
