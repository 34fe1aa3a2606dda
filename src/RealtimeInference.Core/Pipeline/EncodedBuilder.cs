namespace RealtimeInference;

/// <summary>A pipeline whose last stage writes input tensors: only a model may follow.</summary>
/// <typeparam name="TIn">The type of a request.</typeparam>
/// <typeparam name="T">The type of the example that is written.</typeparam>
public sealed class EncodedBuilder<TIn, T>
{
    private readonly PredictorBuilder<TIn, T> _before;
    private readonly IInputEncoder<T> _encoder;

    internal EncodedBuilder(PredictorBuilder<TIn, T> before, IInputEncoder<T> encoder)
    {
        _before = before;
        _encoder = encoder;
    }

    /// <summary>Adds the forward pass, each request as a run of its own on its caller's thread: no queue, no batches, no bounds.</summary>
    /// <param name="model">The model; the predictor borrows it and never disposes it.</param>
    /// <returns>The pipeline, waiting for its decoder.</returns>
    public RunBuilder<TIn, T> RunUnbatched(IModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Run(model, UnbatchedStrategy.Instance);
    }

    internal RunBuilder<TIn, T> Run(IModel model, IRunStrategy strategy) => new(_before, _encoder, model, strategy);
}
