namespace RealtimeInference.Benchmarks.Encoders;

/// <summary>How requests reach the model in our pipeline.</summary>
internal enum Gathering
{
    /// <summary>Batches, as by default.</summary>
    Batched,

    /// <summary>The same queue and as many runs at once, but every example in a run of its own.</summary>
    OneByOne,

    /// <summary>On the caller's thread, without a queue.</summary>
    Unbatched,
}

/// <summary>Our pipeline over the encoder: tokens in, embedding out.</summary>
internal sealed class OurEncoder : IDisposable
{
    private readonly OnnxModel _model;
    private readonly IPredictor<long[], float[]> _predictor;

    /// <summary>Initializes a new instance of the <see cref="OurEncoder"/> class.</summary>
    /// <param name="model">The encoder.</param>
    /// <param name="options">How it is loaded.</param>
    /// <param name="gathering">How requests reach it.</param>
    /// <param name="configure">Further options of the batching.</param>
    /// <param name="isLimited">Whether a limit of concurrency is in front.</param>
    public OurEncoder(
        EncoderModel model,
        OnnxModelOptions options,
        Gathering gathering = Gathering.Batched,
        Action<BatchingOptions>? configure = null,
        bool isLimited = false)
    {
        _model = OnnxModel.Load(model.Path, options);
        EncodedBuilder<long[], long[]> encoded = Predictor.For<long[]>().Preprocess((tokens, inputs) =>
        {
            inputs.Set<long>("input_ids", tokens, tokens.Length);
            if (gathering == Gathering.Unbatched)
            {
                inputs.GetUninitialized<long>("attention_mask", tokens.Length).Fill(1);
            }
        });
        RunBuilder<long[], long[]> run = gathering == Gathering.Unbatched
            ? encoded.RunUnbatched(_model)
            : encoded.Run(_model, batching =>
            {
                batching.MaxBatchSize = gathering == Gathering.OneByOne ? 1 : batching.MaxBatchSize;
                batching.Pad("input_ids").PadMask("attention_mask", of: "input_ids");
                configure?.Invoke(batching);
            });
        PredictorBuilder<long[], float[]> pipeline = run.Postprocess(static (_, outputs) => outputs.Get<float>("embedding").ToArray());
        _predictor = isLimited ? pipeline.LimitConcurrency().Build() : pipeline.Build();
    }

    public ValueTask<float[]> PredictAsync(long[] tokens) => _predictor.PredictAsync(tokens);

    public ValueTask<float[]> PredictAsync(long[] tokens, TimeSpan deadline) =>
        _predictor.PredictAsync(tokens, new PredictionOptions { Deadline = deadline });

    public void Dispose() => _model.Dispose();
}
