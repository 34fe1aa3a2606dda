using RealtimeInference.Benchmarks.Batching;

namespace RealtimeInference.Benchmarks.Encoders;

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
        PredictorBuilder<long[], float[]> pipeline = Predictor.For<long[]>()
            .Preprocess((tokens, inputs) =>
            {
                inputs.Set<long>("input_ids", tokens, tokens.Length);
                if (gathering == Gathering.Unbatched)
                {
                    inputs.GetUninitialized<long>("attention_mask", tokens.Length).Fill(1);
                }
            })
            .Run(_model, gathering, batching =>
            {
                batching.Pad("input_ids").PadMask("attention_mask", of: "input_ids");
                configure?.Invoke(batching);
            })
            .Postprocess(static (_, outputs) => outputs.Get<float>("embedding").ToArray());
        _predictor = isLimited ? pipeline.LimitConcurrency().Build() : pipeline.Build();
    }

    public ValueTask<float[]> PredictAsync(long[] tokens) => _predictor.PredictAsync(tokens);

    public ValueTask<float[]> PredictAsync(long[] tokens, TimeSpan deadline) =>
        _predictor.PredictAsync(tokens, new PredictionOptions { Deadline = deadline });

    public void Dispose() => _model.Dispose();
}
