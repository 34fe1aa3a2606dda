namespace RealtimeInference.Core.Tests.Pipeline;

/// <summary>A synchronous prediction over values, not objects, leaves nothing for the garbage collector.</summary>
[Trait("Category", "Allocation")]
public sealed class AllocationTests : IDisposable
{
    private const int Predictions = 10_000;

    private readonly OnnxModel _model = OnnxModel.Load(
        Path.Combine(AppContext.BaseDirectory, "models", "mlp_30_64_32_1.onnx"));

    private readonly IPredictor<Request, Answer> _predictor;

    public AllocationTests() => _predictor = CreateBuilder().Build();

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Predict_SteadyState_AllocatesNothing()
    {
        Measure(seed => Complete(_predictor.PredictAsync(new Request(seed)))).Should().Be(0);
    }

    [Fact]
    public void Predict_ContextOfTheCaller_AllocatesNothing()
    {
        Measure(seed =>
        {
            using PredictionContext context = PredictionContext.Rent();
            context.SetDeadline(TimeSpan.FromHours(1));
            return Complete(_predictor.PredictAsync(new Request(seed), context, CancellationToken.None));
        }).Should().Be(0);
    }

    [Fact]
    public void Predict_TokenThatCanBeCancelled_AllocatesNothing()
    {
        using var source = new CancellationTokenSource();

        Measure(seed => Complete(_predictor.PredictAsync(new Request(seed), source.Token))).Should().Be(0);
    }

    [Fact]
    public void Predict_ContextAndToken_AllocateNothing()
    {
        using var source = new CancellationTokenSource();

        Measure(seed =>
        {
            using PredictionContext context = PredictionContext.Rent();
            return Complete(_predictor.PredictAsync(new Request(seed), context, source.Token));
        }).Should().Be(0);
    }

    [Fact]
    public void Predict_Decorated_AllocatesNothing()
    {
        IPredictor<Request, Answer> predictor = CreateBuilder().Use(inner => new Passing(inner)).Build();

        Measure(seed => Complete(predictor.PredictAsync(new Request(seed)))).Should().Be(0);
    }

    [Fact]
    public void Measure_OneObjectAPrediction_SeesIt()
    {
        // The measure itself: without this, a broken one would pass everything above.
        object? last = null;

        Measure(seed =>
        {
            last = new object();
            return Complete(_predictor.PredictAsync(new Request(seed)));
        }).Should().BeGreaterThanOrEqualTo(Predictions * 8);
        last.Should().NotBeNull();
    }

    private static Answer Complete(ValueTask<Answer> task)
    {
        // A task that were not complete would hide what it allocates on another thread.
        if (!task.IsCompletedSuccessfully)
        {
            throw new InvalidOperationException("The prediction did not complete at once.");
        }

        return task.Result;
    }

    // On a thread of its own: a caller on a busy thread of the pool is now and then answered by a worker, to let others in.
    private static long Measure(Func<float, Answer> predict)
    {
        long allocated = 0;
        float sum = 0;
        var thread = new Thread(() => (allocated, sum) = MeasureHere(predict));
        thread.Start();
        thread.Join();

        // Sigmoids: a model that did not run leaves zero.
        sum.Should().BeGreaterThan(0);
        return allocated;
    }

    private static (long Allocated, float Sum) MeasureHere(Func<float, Answer> predict)
    {
        // Past every tier of the just-in-time compiler.
        for (int i = 0; i < Predictions; i++)
        {
            predict(i);
        }

        float sum = 0;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Predictions; i++)
        {
            sum += predict(i).Score;
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before, sum);
    }

    private PredictorBuilder<Request, Answer> CreateBuilder() => Predictor.For<Request>()
        .Validate(static request => float.IsFinite(request.Seed), "must be finite", nameof(Request.Seed))
        .Validate(static (request, faults) => faults.AddIf(request.Seed < 0, nameof(Request.Seed), "must not be negative"))
        .Preprocess(static (request, tensors) =>
        {
            Span<float> features = tensors.Get<float>("features");
            for (int i = 0; i < features.Length; i++)
            {
                features[i] = (request.Seed + i) % 7 / 7;
            }
        })
        .Run(_model)
        .Postprocess(static (request, tensors) => new Answer(request.Seed, tensors.Get<float>("score")[0]));

    private readonly record struct Request(float Seed);

    private readonly record struct Answer(float Seed, float Score);

    private sealed class Passing(IPredictor<Request, Answer> inner) : DelegatingPredictor<Request, Answer>(inner);
}
