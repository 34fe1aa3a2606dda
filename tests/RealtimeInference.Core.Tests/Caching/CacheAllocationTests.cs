namespace RealtimeInference.Core.Tests.Caching;

/// <summary>A prediction that is known leaves nothing for the garbage collector.</summary>
[Trait("Category", "Allocation")]
public sealed class CacheAllocationTests : IDisposable
{
    private const int Predictions = 10_000;
    private const int Keys = 100;
    private readonly OnnxModel _model = Testing.TestModels.Load("mlp_30_64_32_1.onnx");

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Predict_KnownStructKey_AllocatesNothing()
    {
        Measure(Ask(Pipeline().Cache(static x => new Key(x, x / 3.0, x > 5)).Build())).Should().Be(0);
        Measure(Ask(Pipeline().Cache(static x => new object[] { x }.Length + x).Build())).Should().BePositive("this is how an allocation shows");
    }

    [Fact]
    public void Predict_KnownNumberOrText_AllocatesNothing()
    {
        string[] names = [.. Enumerable.Range(0, Keys).Select(static i => $"card {i}")];

        Measure(Ask(Pipeline().Cache(static x => x).Build())).Should().Be(0);
        Measure(Ask(Pipeline().Cache(x => names[x]).Build())).Should().Be(0);
    }

    [Fact]
    public void Predict_KnownTensors_AllocatesNothing()
    {
        Measure(Ask(Encoded().Cache().Run(_model).Postprocess(static (_, o) => new Answer(o.Get<float>("score")[0])).Build())).Should().Be(0);
    }

    [Fact]
    public void Predict_ContextAndToken_AllocateNothing()
    {
        using var source = new CancellationTokenSource();
        foreach (IPredictor<int, Answer> predictor in new[]
        {
            Pipeline().Cache(static x => x).Build(),
            Encoded().Cache().Run(_model).Postprocess(static (_, o) => new Answer(o.Get<float>("score")[0])).Build(),
        })
        {
            Measure(x =>
            {
                using PredictionContext context = PredictionContext.Rent();
                ValueTask<Answer> task = predictor.PredictAsync(x, context, source.Token);
                return task.IsCompletedSuccessfully ? task.GetAwaiter().GetResult().Score : throw new InvalidOperationException("The prediction did not complete at once.");
            }).Should().Be(0);
        }
    }

    private static Func<int, float> Ask(IPredictor<int, Answer> predictor) => x => Complete(predictor, x);

    private static float Complete(IPredictor<int, Answer> predictor, int x)
    {
        ValueTask<Answer> task = predictor.PredictAsync(x);
        return task.IsCompletedSuccessfully ? task.GetAwaiter().GetResult().Score : throw new InvalidOperationException("The prediction did not complete at once.");
    }

    private static long Measure(Func<int, float> predict)
    {
        long allocated = 0;
        float sum = 0;
        var thread = new Thread(() =>
        {
            for (int i = 0; i < Predictions; i++)
            {
                predict(i % Keys);
            }

            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Predictions; i++)
            {
                sum += predict(i % Keys);
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        });
        thread.Start();
        thread.Join();
        sum.Should().BeGreaterThan(0);
        return allocated;
    }

    private static EncodedBuilder<int, int> Encoded() => Predictor.For<int>().Preprocess(static (x, inputs) => inputs.Get<float>("features").Fill(x / 100f));

    private PredictorBuilder<int, Answer> Pipeline() => Encoded().Run(_model).Postprocess(static (_, outputs) => new Answer(outputs.Get<float>("score")[0]));

    private readonly record struct Key(int Card, double Amount, bool IsLarge);

    private readonly record struct Answer(float Score);
}
