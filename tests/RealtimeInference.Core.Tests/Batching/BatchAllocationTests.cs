namespace RealtimeInference.Core.Tests.Batching;

/// <summary>Predictions that share runs leave nothing for the garbage collector either.</summary>
[Trait("Category", "Allocation")]
[Collection(Testing.RunsAlone.Name)]
public sealed class BatchAllocationTests
{
    private const int Predictions = 200_000;

    // What the process itself allocates meanwhile: timers of the test host, threads, the JIT's last tier.
    private const double Noise = 2;

    [Theory]
    [InlineData(4, 1)]
    [InlineData(64, 2)]
    public void Predict_ManyCallers_AllocateNothing(int callers, int runs)
    {
        using OnnxModel model = Testing.TestModels.Load("mlp_30_64_32_1.onnx");
        IPredictor<float, float> predictor = Predictor.For<float>()
            .Preprocess(static (seed, inputs) => inputs.Get<float>("features").Fill(seed))
            .Run(model, o => o.MaxConcurrentRuns = runs)
            .Postprocess(static (_, outputs) => outputs.Get<float>("score")[0])
            .Build();

        Measure(predictor, callers).Should().BeLessThan(Noise);
    }

    [Fact]
    public void Measure_OneObjectAPrediction_SeesIt()
    {
        // The measure itself: without this, a broken one would pass everything above.
        using OnnxModel model = Testing.TestModels.Load("mlp_30_64_32_1.onnx");
        IPredictor<float, object> predictor = Predictor.For<float>()
            .Preprocess(static (seed, inputs) => inputs.Get<float>("features").Fill(seed))
            .Run(model)
            .Postprocess(static (_, outputs) => (object)outputs.Get<float>("score")[0])
            .Build();

        Measure(predictor, 16).Should().BeGreaterThanOrEqualTo(24);
    }

    // Bytes of the whole process for one prediction: they are made on several threads.
    private static double Measure<T>(IPredictor<float, T> predictor, int callers)
    {
        RunAsync(predictor, callers, Predictions).GetAwaiter().GetResult();
        double least = double.MaxValue;
        for (int i = 0; i < 3; i++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            RunAsync(predictor, callers, Predictions).GetAwaiter().GetResult();
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Predictions);
        }

        return least;
    }

    private static Task RunAsync<T>(IPredictor<float, T> predictor, int callers, int predictions) =>
        Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            for (int i = 0; i < predictions / callers; i++)
            {
                await predictor.PredictAsync(caller / 100f).ConfigureAwait(false);
            }
        })));
}
