namespace RealtimeInference.Core.Tests.Admission;

/// <summary>A limit leaves nothing for the garbage collector, and little when it refuses.</summary>
[Trait("Category", "Allocation")]
public sealed class LimitAllocationTests
{
    private const int Predictions = 10_000;

    [Fact]
    public void Predict_Admitted_AllocatesNothing()
    {
        IPredictor<int, int> predictor = Predictor.For<int>().Transform(static x => x + 1).LimitConcurrency().Build();

        Measure(x => Complete(predictor.PredictAsync(x))).Should().Be(0);
        ((ConcurrencyLimit)predictor.GetService(typeof(ConcurrencyLimit))!).Rejected.Should().Be(0);
    }

    [Fact]
    public void Predict_AdmittedAtAFullLimit_AllocatesNothing()
    {
        // One place: each prediction fills the limit, so that each measurement moves it.
        IPredictor<int, int> predictor = Predictor.For<int>().Transform(static x => x + 1)
            .LimitConcurrency(static o => (o.InitialLimit, o.MaxLimit, o.QueueSizeFunction) = (1, 2, static _ => 1))
            .Build();

        Measure(x => Complete(predictor.PredictAsync(x))).Should().Be(0);
    }

    [Fact]
    public void Predict_Refused_AllocatesTheErrorAndItsTask()
    {
        var limit = new ConcurrencyLimit(new ConcurrencyLimitOptions { InitialLimit = 1 }, TimeProvider.System);
        limit.TryEnter(PredictionPriority.Interactive, out _).Should().BeTrue();
        var predictor = new ConcurrencyLimitPredictor<int, int>(Predictor.For<int>().Build(), limit);

        using PredictionContext context = PredictionContext.Rent();

        // An exception is 150 bytes or so, the task that carries it a few hundred more; nothing is thrown before it is awaited.
        Measure(x => predictor.PredictAsync(x, context, CancellationToken.None).AsTask().IsFaulted ? 1 : throw new InvalidOperationException()).Should().BeLessThan(700 * Predictions);
    }

    private static int Complete(ValueTask<int> task) =>
        task.IsCompletedSuccessfully ? task.Result : throw new InvalidOperationException("The prediction did not complete at once.");

    private static long Measure(Func<int, int> predict)
    {
        // Past every tier of the just-in-time compiler.
        for (int i = 0; i < Predictions; i++)
        {
            predict(i);
        }

        long sum = 0;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Predictions; i++)
        {
            sum += predict(i);
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        sum.Should().BeGreaterThan(0);
        return allocated;
    }
}
