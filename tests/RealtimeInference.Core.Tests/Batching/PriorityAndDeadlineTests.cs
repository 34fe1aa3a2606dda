using Microsoft.Extensions.Time.Testing;

namespace RealtimeInference.Core.Tests.Batching;

/// <summary>Which examples go first, and which are not run at all.</summary>
public sealed class PriorityAndDeadlineTests
{
    private static readonly PredictionOptions s_bulk = new() { Priority = PredictionPriority.Bulk };

    [Fact]
    public async Task Predict_Priorities_InteractiveBeforeNormalBeforeBulk()
    {
        using var model = new RecordingModel { Gate = new SemaphoreSlim(0) };
        IPredictor<long[], Summed> predictor = Summing.Plain(model, static o => o.MaxBatchSize = 2);

        await BatchFormingTests.RunBehind(model, Enumerable.Range(0, 6), i => predictor.PredictAsync(
            [i], new PredictionOptions { Priority = i > 5 ? null : (PredictionPriority)(2 - (i / 2)) }));

        model.FirstIds.Skip(1).Should().BeEquivalentTo(new long[][] { [4, 5], [2, 3], [0, 1] }, o => o.WithStrictOrdering());
    }

    [Fact]
    public async Task Predict_PriorityOfThePredictor_IsTheDefault()
    {
        using var model = new RecordingModel { Gate = new SemaphoreSlim(0) };
        IPredictor<long[], Summed> predictor = Summing.Plain(
            model, static o => o.MaxBatchSize = 1, new PredictorOptions { Priority = PredictionPriority.Bulk });

        await BatchFormingTests.RunBehind(model, [1, 2, 3], i => i >= 3
            ? predictor.PredictAsync([i], new PredictionOptions { Priority = PredictionPriority.Interactive })
            : predictor.PredictAsync([i]));

        model.FirstIds.Skip(1).Select(ids => ids[0]).Should().Equal(3, 1, 2);
    }

    [Fact]
    public async Task Predict_BulkOnAnIdleModel_QueuesSoThatItsCallerGoesOn()
    {
        using var model = new RecordingModel { Gate = new SemaphoreSlim(0) };
        IPredictor<long[], Summed> predictor = Summing.Plain(model);

        Task<Summed>[] tasks = [.. Enumerable.Range(0, 65).Select(i => predictor.PredictAsync([i], s_bulk).AsTask())];
        model.Gate.Release(100);
        await Task.WhenAll(tasks);

        // A worker takes what is there when it comes, and then full batches.
        model.Runs.Should().HaveCountLessThan(10);
    }

    [Fact]
    public async Task Predict_EndlessInteractive_BulkGoesAfterTheStatedNumberOfBatches()
    {
        const int Ageing = 3;
        using var model = new RecordingModel { Gate = new SemaphoreSlim(0) };
        IPredictor<long[], Summed> predictor = Summing.Plain(model, static o => (o.MaxBatchSize, o.AgeingBatches) = (1, Ageing));
        var tasks = new List<Task> { predictor.PredictAsync([100]).AsTask(), predictor.PredictAsync([50], s_bulk).AsTask() };

        // Before each run ends, one more interactive example comes: without ageing, the bulk one would never go.
        for (int i = 1; i <= 20; i++)
        {
            (await model.Began.WaitAsync(TimeSpan.FromSeconds(30))).Should().BeTrue();
            tasks.Add(predictor.PredictAsync([i]).AsTask());
            model.Gate.Release();
        }

        model.Gate.Release(100);
        await Task.WhenAll(tasks);

        // Two steps of priority below, so it counts as having come twice as many batches later; among equals the higher goes first.
        // Before it: the run that was under way, and the examples that came during batches 0 to 6.
        long[] order = [.. model.FirstIds.Select(ids => ids[0])];
        order.Should().HaveCount(22);
        Array.IndexOf(order, 50L).Should().Be(1 + (2 * Ageing) + 1);
    }

    [Fact]
    public async Task Predict_CancelledWhileItWaits_CostsNoRun()
    {
        using var model = new RecordingModel { Gate = new SemaphoreSlim(0) };
        IPredictor<long[], Summed> predictor = Summing.Plain(model);
        Task<Summed> first = predictor.PredictAsync([100]).AsTask();
        using var source = new CancellationTokenSource();
        Task<Summed> second = predictor.PredictAsync([1], source.Token).AsTask();
        Task<Summed> third = predictor.PredictAsync([2]).AsTask();

        await source.CancelAsync();

        // At once, not when the run is over.
        Func<Task> wait = () => second;
        (await wait.Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(source.Token);
        model.Gate.Release(100);
        await Task.WhenAll(first, third);
        model.FirstIds.Should().BeEquivalentTo(new long[][] { [100], [2] }, o => o.WithStrictOrdering());
    }

    [Fact]
    public async Task Predict_DeadlinePassesWhileItWaits_FailsAndCostsNoRun()
    {
        var clock = new FakeTimeProvider();
        using var model = new RecordingModel { Gate = new SemaphoreSlim(0) };
        IPredictor<long[], Summed> predictor = Summing.Plain(model, options: new PredictorOptions { TimeProvider = clock });
        Task<Summed> first = predictor.PredictAsync([100]).AsTask();
        Task<Summed> second = predictor.PredictAsync([1], new PredictionOptions { Deadline = TimeSpan.FromSeconds(1) }).AsTask();
        Task<Summed> third = predictor.PredictAsync([2], new PredictionOptions { Deadline = TimeSpan.FromSeconds(10) }).AsTask();

        clock.Advance(TimeSpan.FromSeconds(3));

        // While the model is still held: the caller need not wait for the run in front of it.
        Func<Task> wait = () => second;
        (await wait.Should().ThrowAsync<DeadlineExceededException>()).Which.Overdue.Should().Be(TimeSpan.FromSeconds(2));
        model.Gate.Release(100);
        await Task.WhenAll(first, third);
        model.FirstIds.Should().BeEquivalentTo(new long[][] { [100], [2] }, o => o.WithStrictOrdering());
    }

    [Fact]
    public async Task Predict_DeadlineOfThePredictor_IsTheDefault()
    {
        var clock = new FakeTimeProvider();
        using var model = new RecordingModel { Gate = new SemaphoreSlim(0) };
        IPredictor<long[], Summed> predictor = Summing.Plain(
            model, options: new PredictorOptions { TimeProvider = clock, Deadline = TimeSpan.FromSeconds(5) });
        Task<Summed> first = predictor.PredictAsync([100], new PredictionOptions { Deadline = TimeSpan.FromHours(1) }).AsTask();
        Task<Summed> second = predictor.PredictAsync([1]).AsTask();

        clock.Advance(TimeSpan.FromSeconds(6));

        Func<Task> wait = () => second;
        await wait.Should().ThrowAsync<DeadlineExceededException>();
        model.Gate.Release(100);
        await first;
        model.Runs.Should().HaveCount(1);
    }

    [Fact]
    public async Task Predict_NobodyWaitsForTheRunAnyMore_TerminatesIt()
    {
        using var model = new RecordingModel { Gate = new SemaphoreSlim(0) };
        IPredictor<long[], Summed> predictor = Summing.Plain(model);
        Task<Summed> first = predictor.PredictAsync([100]).AsTask();
        using var one = new CancellationTokenSource();
        using var two = new CancellationTokenSource();
        Task<Summed> second = predictor.PredictAsync([1], one.Token).AsTask();
        Task<Summed> third = predictor.PredictAsync([2], two.Token).AsTask();
        (await model.Began.WaitAsync(TimeSpan.FromSeconds(30))).Should().BeTrue();
        model.Gate.Release();
        await first;
        (await model.Began.WaitAsync(TimeSpan.FromSeconds(30))).Should().BeTrue();

        await one.CancelAsync();
        await Awaiting(second).Should().ThrowAsync<OperationCanceledException>();
        model.Cancelled.Should().Be(0, "the other still waits");
        await two.CancelAsync();
        await Awaiting(third).Should().ThrowAsync<OperationCanceledException>();

        // The model is free again, though nobody released that run.
        Task<Summed> fourth = predictor.PredictAsync([3]).AsTask();
        (await model.Began.WaitAsync(TimeSpan.FromSeconds(30))).Should().BeTrue();
        model.Gate.Release();
        (await fourth).Sum.Should().Be(3);
        model.Cancelled.Should().Be(1);
        model.Rented.Should().Be(model.Returned);
    }

    [Fact]
    public async Task Predict_DeadlinePassesDuringTheRun_TerminatesIt()
    {
        var clock = new FakeTimeProvider();
        using var model = new RecordingModel { Gate = new SemaphoreSlim(0) };
        IPredictor<long[], Summed> predictor = Summing.Plain(model, options: new PredictorOptions { TimeProvider = clock });
        Task<Summed> first = predictor.PredictAsync([100]).AsTask();
        Task<Summed> second = predictor.PredictAsync([1], new PredictionOptions { Deadline = TimeSpan.FromSeconds(1) }).AsTask();
        (await model.Began.WaitAsync(TimeSpan.FromSeconds(30))).Should().BeTrue();
        model.Gate.Release();
        await first;
        (await model.Began.WaitAsync(TimeSpan.FromSeconds(30))).Should().BeTrue();

        clock.Advance(TimeSpan.FromSeconds(2));

        await Awaiting(second).Should().ThrowAsync<DeadlineExceededException>();
        Task<Summed> third = predictor.PredictAsync([2]).AsTask();
        (await model.Began.WaitAsync(TimeSpan.FromSeconds(30))).Should().BeTrue();
        model.Gate.Release();
        await third;
        model.Cancelled.Should().Be(1);
    }

    private static Func<Task> Awaiting(Task task) => () => task;
}
