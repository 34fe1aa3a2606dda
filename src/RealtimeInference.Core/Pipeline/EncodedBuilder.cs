namespace RealtimeInference;

/// <summary>A pipeline whose last stage writes input tensors: only a model may follow.</summary>
/// <typeparam name="TIn">The type of a request.</typeparam>
/// <typeparam name="T">The type of the example that is written.</typeparam>
public sealed class EncodedBuilder<TIn, T>
{
    private readonly PredictorBuilder<TIn, T> _before;
    private readonly IInputEncoder<T> _encoder;

    // What goes around the run, the first of them outermost.
    private readonly Func<IRunStrategy, IRunStrategy>[] _around;

    internal EncodedBuilder(PredictorBuilder<TIn, T> before, IInputEncoder<T> encoder, params Func<IRunStrategy, IRunStrategy>[] around)
    {
        _before = before;
        _encoder = encoder;
        _around = around;
    }

    /// <summary>Adds the forward pass, each request as a run of its own on its caller's thread: no queue, no batches, no bounds.</summary>
    /// <param name="model">The model; the predictor borrows it and never disposes it.</param>
    /// <returns>The pipeline, waiting for its decoder.</returns>
    public RunBuilder<TIn, T> RunUnbatched(IModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Run(model, UnbatchedStrategy.Instance);
    }

    internal EncodedBuilder<TIn, T> Around(Func<IRunStrategy, IRunStrategy> around) => new(_before, _encoder, [.. _around, around]);

    internal RunBuilder<TIn, T> Run(IModel model, IRunStrategy strategy)
    {
        for (int i = _around.Length - 1; i >= 0; i--)
        {
            strategy = _around[i](strategy);
        }

        return new RunBuilder<TIn, T>(_before, _encoder, model, strategy);
    }
}
