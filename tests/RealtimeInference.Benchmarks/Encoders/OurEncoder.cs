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

    public OurEncoder(EncoderModel model, OnnxModelOptions options, Gathering gathering = Gathering.Batched)
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
            : encoded.Run(_model, o => (gathering == Gathering.OneByOne ? Single(o) : o).Pad("input_ids").PadMask("attention_mask", of: "input_ids"));
        _predictor = run.Postprocess(static (_, outputs) => outputs.Get<float>("embedding").ToArray()).Build();
    }

    public ValueTask<float[]> PredictAsync(long[] tokens) => _predictor.PredictAsync(tokens);

    public ValueTask<float[]> PredictAsync(long[] tokens, TimeSpan deadline) =>
        _predictor.PredictAsync(tokens, new PredictionOptions { Deadline = deadline });

    public void Dispose() => _model.Dispose();

    private static BatchingOptions Single(BatchingOptions options)
    {
        options.MaxBatchSize = 1;
        return options;
    }
}
