namespace RealtimeInference;

/// <summary>A pipeline whose last stage is a forward pass: only a decoder may follow.</summary>
/// <typeparam name="TIn">The type of a request.</typeparam>
/// <typeparam name="T">The type of the example that was written.</typeparam>
public sealed class RunBuilder<TIn, T>
{
    private readonly PredictorBuilder<TIn, T> _before;
    private readonly IInputEncoder<T> _encoder;
    private readonly IModel _model;
    private readonly IRunStrategy _strategy;

    internal RunBuilder(PredictorBuilder<TIn, T> before, IInputEncoder<T> encoder, IModel model, IRunStrategy strategy)
    {
        _before = before;
        _encoder = encoder;
        _model = model;
        _strategy = strategy;
    }

    /// <summary>Adds the reading of the output tensors. Any stage may follow, also another model, or decorators.</summary>
    /// <typeparam name="TOut">The type of the result.</typeparam>
    /// <param name="decoder">Reads one example's result.</param>
    /// <returns>The longer pipeline.</returns>
    /// <exception cref="TensorMismatchException">The encoder or the decoder does not fit the model.</exception>
    public PredictorBuilder<TIn, TOut> Postprocess<TOut>(IOutputDecoder<T, TOut> decoder)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        return _before.AppendModel(_encoder, _model, decoder, _strategy);
    }

    /// <summary>Adds the reading of the output tensors. Any stage may follow, also another model, or decorators.</summary>
    /// <typeparam name="TOut">The type of the result.</typeparam>
    /// <param name="decode">Reads one example's result; thread-safe.</param>
    /// <returns>The longer pipeline.</returns>
    /// <exception cref="TensorMismatchException">The encoder does not fit the model.</exception>
    public PredictorBuilder<TIn, TOut> Postprocess<TOut>(OutputDecoding<T, TOut> decode)
    {
        ArgumentNullException.ThrowIfNull(decode);
        return Postprocess(new DelegateDecoder<T, TOut>(decode));
    }
}
