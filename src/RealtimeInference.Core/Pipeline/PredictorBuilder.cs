namespace RealtimeInference;

/// <summary>A pipeline being built, so far from <typeparamref name="TIn"/> to <typeparamref name="T"/>.</summary>
/// <remarks>
/// Builders are immutable: each method returns a new one, so that pipelines may share a beginning. Stages run in the order
/// in which they are added. Building checks that encoders and decoders fit their models.
/// </remarks>
/// <typeparam name="TIn">The type of a request.</typeparam>
/// <typeparam name="T">The type of the value that the next stage gets.</typeparam>
public sealed partial class PredictorBuilder<TIn, T>
{
    private readonly object[] _services;

    // Null stands for no stages yet: then T is TIn.
    private readonly IInnerStage<TIn, T>? _stages;

    // Neighbouring validations become one stage, so that their faults come together.
    private readonly IInputValidator<T>[] _validators;

    // Whether a stage gets the context, and so might read it.
    private readonly bool _isObserved;

    // Whether every stage so far is synchronous, and whether they are but for a model that is last.
    private readonly bool _isSynchronous;
    private readonly bool _endsInModel;

    internal PredictorBuilder(object[] services, IInnerStage<TIn, T>? stages, IInputValidator<T>[] validators, bool isObserved, bool isSynchronous = true, bool endsInModel = false)
    {
        _isSynchronous = isSynchronous;
        _endsInModel = endsInModel;
        _isObserved = isObserved;
        _services = services;
        _stages = stages;
        _validators = validators;
    }

    /// <summary>Adds a stage.</summary>
    /// <typeparam name="TNext">The type of what it answers.</typeparam>
    /// <param name="stage">The stage.</param>
    /// <param name="name">The name under which it is timed.</param>
    /// <returns>The longer pipeline.</returns>
    public PredictorBuilder<TIn, TNext> Then<TNext>(IStage<T, TNext> stage, string name = StageNames.Transform)
    {
        ArgumentNullException.ThrowIfNull(stage);
        return TransformAsync(stage.InvokeAsync, name);
    }

    /// <summary>Adds a function that turns the value into the next one.</summary>
    /// <typeparam name="TNext">The type of what it answers.</typeparam>
    /// <param name="transform">The function; thread-safe.</param>
    /// <param name="name">The name under which it is timed.</param>
    /// <returns>The longer pipeline.</returns>
    public PredictorBuilder<TIn, TNext> Transform<TNext>(Func<T, TNext> transform, string name = StageNames.Transform)
    {
        ArgumentNullException.ThrowIfNull(transform);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Append(new TransformStage<T, TNext>((value, _) => transform(value), name), isObserver: false);
    }

    /// <summary>Adds a function that turns the value into the next one, and sees the prediction's context.</summary>
    /// <typeparam name="TNext">The type of what it answers.</typeparam>
    /// <param name="transform">The function; thread-safe.</param>
    /// <param name="name">The name under which it is timed.</param>
    /// <returns>The longer pipeline.</returns>
    public PredictorBuilder<TIn, TNext> Transform<TNext>(
        Func<T, PredictionContext, TNext> transform, string name = StageNames.Transform)
    {
        ArgumentNullException.ThrowIfNull(transform);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Append(new TransformStage<T, TNext>(transform, name), isObserver: true);
    }

    /// <summary>Adds an asynchronous function that turns the value into the next one.</summary>
    /// <typeparam name="TNext">The type of what it answers.</typeparam>
    /// <param name="transform">The function; thread-safe.</param>
    /// <param name="name">The name under which it is timed.</param>
    /// <returns>The longer pipeline.</returns>
    public PredictorBuilder<TIn, TNext> TransformAsync<TNext>(
        Func<T, PredictionContext, CancellationToken, ValueTask<TNext>> transform, string name = StageNames.Transform)
    {
        ArgumentNullException.ThrowIfNull(transform);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Append(new TimedStage<T, TNext>(transform, name), isObserver: true, isSynchronous: false);
    }

    /// <summary>Adds the writing of a model's input tensors. Only <see cref="EncodedBuilder{TIn, T}.Run"/> may follow.</summary>
    /// <param name="encoder">Writes one example.</param>
    /// <returns>The pipeline, waiting for its model.</returns>
    public EncodedBuilder<TIn, T> Preprocess(IInputEncoder<T> encoder)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        return new EncodedBuilder<TIn, T>(this, encoder);
    }

    /// <summary>Adds the writing of a model's input tensors. Only <see cref="EncodedBuilder{TIn, T}.Run"/> may follow.</summary>
    /// <param name="encode">Writes one example; thread-safe.</param>
    /// <returns>The pipeline, waiting for its model.</returns>
    public EncodedBuilder<TIn, T> Preprocess(InputEncoding<T> encode)
    {
        ArgumentNullException.ThrowIfNull(encode);
        return Preprocess(new DelegateEncoder<T>(encode));
    }

    /// <summary>Ends the pipeline in a stream.</summary>
    /// <typeparam name="TOut">The type of a part of the answer.</typeparam>
    /// <param name="stream">Produces the parts; thread-safe.</param>
    /// <returns>The pipeline, to be decorated or built.</returns>
    public StreamingPredictorBuilder<TIn, TOut> Stream<TOut>(
        Func<T, PredictionContext, CancellationToken, IAsyncEnumerable<TOut>> stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new StreamingPredictorBuilder<TIn, TOut>(
            options => new StreamingPipelinePredictor<TIn, T, TOut>(GetStages(), stream, _services, options.CheckAndCopy()), []);
    }

    /// <summary>Goes around the whole pipeline. The decorator that is added first is the outermost.</summary>
    /// <param name="decorate">Gets the predictor inside and returns the one outside.</param>
    /// <returns>The pipeline, complete: only further decorators may follow.</returns>
    public DecoratedBuilder<TIn, T> Use(Func<IPredictor<TIn, T>, IPredictor<TIn, T>> decorate)
    {
        ArgumentNullException.ThrowIfNull(decorate);
        return new DecoratedBuilder<TIn, T>(BuildPipeline, [decorate]);
    }

    /// <summary>Builds the predictor.</summary>
    /// <param name="options">Settings of the predictor as a whole.</param>
    /// <returns>A thread-safe predictor.</returns>
    public IPredictor<TIn, T> Build(PredictorOptions? options = null) => BuildPipeline(options ?? new PredictorOptions());

    internal PredictorBuilder<TIn, TNext> AppendModel<TNext>(
        IInputEncoder<T> encoder, IModel model, IOutputDecoder<T, TNext> decoder, IRunStrategy strategy)
    {
        PredictorBuilder<TIn, TNext> next = Append(strategy.CreateStage(encoder, model, decoder), isObserver: false, isSynchronous: false);
        return new PredictorBuilder<TIn, TNext>([.. _services, model], next._stages, [], next._isObserved, isSynchronous: false, endsInModel: _isSynchronous);
    }

    /// <summary>Adds a stage of the library's own, which need not be watched, and what it works with.</summary>
    internal PredictorBuilder<TIn, TNext> AppendStage<TNext>(IInnerStage<T, TNext> stage, object service)
    {
        PredictorBuilder<TIn, TNext> next = Append(stage, isObserver: false, isSynchronous: false);
        return new PredictorBuilder<TIn, TNext>([.. _services, service], next._stages, [], next._isObserved, isSynchronous: false);
    }

    private PredictorBuilder<TIn, TNext> Append<TNext>(IInnerStage<T, TNext> stage, bool isObserver, bool isSynchronous = true) =>
        new(_services, Link(stage), [], _isObserved || isObserver, _isSynchronous && isSynchronous);

    private PipelinePredictor<TIn, T> BuildPipeline(PredictorOptions options) =>
        new(GetStages(), _services, options.CheckAndCopy(), _isObserved, _endsInModel && _validators.Length == 0);

    private IInnerStage<TIn, T> GetStages() =>
        _stages is not null && _validators.Length == 0 ? _stages : Link(new EmptyStage<T>());

    // What there is so far, then the stage.
    private IInnerStage<TIn, TNext> Link<TNext>(IInnerStage<T, TNext> stage)
    {
        IInnerStage<T, TNext> last = _validators.Length > 0 ? new ValidateStage<T, TNext>(_validators, stage) : stage;
        return _stages is null ? (IInnerStage<TIn, TNext>)last : new StageChain<TIn, T, TNext>(_stages, last);
    }
}
