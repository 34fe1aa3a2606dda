namespace RealtimeInference.Core.Tests.Caching;

/// <summary>The cache and the look-up of features together: what was made with defaults is no answer to keep.</summary>
public sealed class DefaultedFeatureTests
{
    private static readonly FeatureField<float> s_average = new("average", 10f);
    private static readonly FeatureView s_view = new("card", "card", [s_average]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Predict_FeaturesOfARowThatIsMissing_AreNotKept(bool isByTensors)
    {
        var store = new InMemoryFeatureStore();
        store.LoadCsv(s_view, new StringReader("card,average\nknown,80\n"));
        using OnnxModel model = Testing.TestModels.Load("mlp_30_64_32_1.onnx");
        int decoded = 0;
        EncodedBuilder<string, float> encoded = Predictor.For<string>()
            .LookupFeatures(store, s_view, static card => card, static (_, card) => card.Get(s_average))
            .Preprocess(static (average, inputs) => inputs.Get<float>("features").Fill(average / 100));
        PredictorBuilder<string, float> pipeline = (isByTensors ? encoded.Cache() : encoded).Run(model).Postprocess((_, outputs) =>
        {
            decoded++;
            return outputs.Get<float>("score")[0];
        });
        IPredictor<string, float> predictor = isByTensors ? pipeline.Build() : pipeline.Cache(static card => card).Build();

        float first = await predictor.PredictAsync("unknown");
        float second = await predictor.PredictAsync("unknown");
        decoded.Should().Be(2, "with the default in the place of the feature, it is computed each time");
        second.Should().Be(first);

        await predictor.PredictAsync("known");
        await predictor.PredictAsync("known");
        decoded.Should().Be(3, "with the feature, it is computed once");

        // As soon as the row is there, it counts.
        store.LoadCsv(s_view, new StringReader("card,average\nunknown,50\n"));
        (await predictor.PredictAsync("unknown")).Should().NotBe(first);
    }
}
