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

    /// <summary>Adds the forward pass. Only <see cref="RunBuilder{TIn, T}"/>'s <c>Postprocess</c> may follow.</summary>
    /// <param name="model">The model; the predictor borrows it and never disposes it.</param>
    /// <returns>The pipeline, waiting for its decoder.</returns>
    public RunBuilder<TIn, T> Run(IModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new RunBuilder<TIn, T>(_before, _encoder, model);
    }
}
