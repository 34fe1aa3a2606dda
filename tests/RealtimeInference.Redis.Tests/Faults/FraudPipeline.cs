namespace RealtimeInference.Redis.Tests;

/// <summary>A real pipeline: a card's features, then a network of 30 inputs.</summary>
internal sealed class FraudPipeline : IDisposable
{
    private readonly OnnxModel _model = OnnxModel.Load(Path.Combine(AppContext.BaseDirectory, "models", "mlp_30_64_32_1.onnx"));

    public FraudPipeline(IFeatureStore store, CardFeatures card, TimeSpan budget)
    {
        Predictor = RealtimeInference.Predictor.For<int>()
            .LookupFeatures(
                store,
                card.View,
                static id => id,
                (id, values) => new Scored(id, values.Get(card.Amount), values.Get(card.Country), values.DefaultReason),
                new FeatureLookupOptions { TimeBudget = budget })
            .Preprocess(static (scored, inputs) =>
            {
                var features = new float[30];
                features[0] = scored.Amount;
                inputs.Set<float>("features", features);
            })
            .Run(_model)
            .Postprocess(static (scored, outputs) => scored with { Score = outputs.Get<float>("score")[0] })
            .Build();
    }

    public IPredictor<int, Scored> Predictor { get; }

    public void Dispose() => _model.Dispose();

    public sealed record Scored(int Id, float Amount, string Country, FeatureDefaultReason Reason, float Score = -1);
}
