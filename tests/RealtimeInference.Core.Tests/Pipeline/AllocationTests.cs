namespace RealtimeInference.Core.Tests.Pipeline;

/// <summary>The gate on bytes: a prediction allocates nothing of its own.</summary>
[Trait("Category", "Allocation")]
public sealed class AllocationTests : IDisposable
{
    private readonly OnnxModel _model = OnnxModel.Load(
        Path.Combine(AppContext.BaseDirectory, "models", "mlp_30_64_32_1.onnx"), new OnnxModelOptions { IntraOpThreads = 1 });

    private readonly IPredictor<Transaction, Decision> _predictor;

    public AllocationTests() => _predictor = Predictor.For<Transaction>()
        .Validate(static t => t.Amount >= 0, "must not be negative", "Amount")
        .Validate(static (t, faults) => faults.AddIf(t.Age < 0, "Age", "must not be negative"))
        .Preprocess(static (t, inputs) =>
        {
            Span<float> features = inputs.Get<float>("features");
            features[0] = t.Amount;
            features[1] = t.Age;
        })
        .Run(_model)
        .Postprocess(static (_, outputs) => new Decision(outputs.Get<float>("score")[0]))
        .Build();

    [Fact]
    public void PredictAsync_StructInAndOut_AllocatesNothing() =>
        CountBytes(static p => Complete(p.PredictAsync(new Transaction(1, 2)))).Should().Be(0);

    [Fact]
    public void PredictAsync_CallersContext_AllocatesNothing() =>
        CountBytes(static p =>
        {
            using PredictionContext context = PredictionContext.Rent();
            context.SetDeadline(TimeSpan.FromMinutes(1));
            return Complete(p.PredictAsync(new Transaction(1, 2), context, CancellationToken.None));
        }).Should().Be(0);

    [Fact]
    public void PredictAsync_TokenThatCanBeCancelled_AllocatesNothing()
    {
        using var source = new CancellationTokenSource();
        CountBytes(p => Complete(p.PredictAsync(new Transaction(1, 2), source.Token))).Should().Be(0);
    }

    [Fact]
    public void PredictAsync_Decorated_AllocatesNothing()
    {
        IPredictor<Transaction, Decision> decorated = new PassThrough(_predictor);
        CountBytes(_ => Complete(decorated.PredictAsync(new Transaction(1, 2)))).Should().Be(0);
    }

    public void Dispose() => _model.Dispose();

    private long CountBytes(Func<IPredictor<Transaction, Decision>, Decision> predict)
    {
        const int Count = 10_000;

        // Past every tier of the JIT, and past the growth of pools.
        for (int i = 0; i < 3 * Count; i++)
        {
            predict(_predictor);
        }

        // The JIT may still swap code in on this thread; a byte of the library's own would show in every round.
        long least = long.MaxValue;
        for (int round = 0; round < 5; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Count; i++)
            {
                predict(_predictor);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    private static Decision Complete(ValueTask<Decision> task)
    {
        // An assertion would allocate.
        return task.IsCompletedSuccessfully
            ? task.GetAwaiter().GetResult()
            : throw new InvalidOperationException("A pipeline whose stages are synchronous did not complete at once.");
    }

    private readonly record struct Transaction(float Amount, float Age);

    private readonly record struct Decision(float Score);

    private sealed class PassThrough(IPredictor<Transaction, Decision> inner) : DelegatingPredictor<Transaction, Decision>(inner);
}
