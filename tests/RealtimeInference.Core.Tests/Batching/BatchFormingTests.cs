namespace RealtimeInference.Core.Tests.Batching;

/// <summary>Who runs, when, and in which batch.</summary>
public sealed class BatchFormingTests
{
    [Fact]
    public async Task Predict_Idle_RunsOnTheCallersThreadWithoutAQueue()
    {
        using var model = new RecordingModel();
        IPredictor<long[], Summed> predictor = Summing.Padded(model);

        ValueTask<Summed> task = predictor.PredictAsync([3, 4]);

        task.IsCompletedSuccessfully.Should().BeTrue("nobody else is there to wait for");
        (await task).Should().BeEquivalentTo(new Summed(7, [3, 4]));
        model.Masks.Single().Should().BeEquivalentTo(new long[][] { [1, 1] }, "the mask is written without a batch too");
    }

    [Fact]
    public async Task Predict_ManyDuringARun_AreTheNextBatch()
    {
        using var model = new RecordingModel { Gate = new SemaphoreSlim(0) };
        IPredictor<long[], Summed> predictor = Summing.Plain(model);
        Task<Summed> first = predictor.PredictAsync([100]).AsTask();
        Task<Summed>[] others = [.. Enumerable.Range(1, 20).Select(i => predictor.PredictAsync([i]).AsTask())];

        model.Runs.Should().HaveCount(1, "one run may be under way, and it is");
        model.Gate.Release(100);
        await first;

        (await Task.WhenAll(others)).Select(s => s.Sum).Should().Equal(Enumerable.Range(1, 20).Select(i => (float)i));
        model.FirstIds.Should().BeEquivalentTo(
            new long[][] { [100], [.. Enumerable.Range(1, 20).Select(i => (long)i)] }, o => o.WithStrictOrdering());
        model.Rented.Should().Be(model.Returned);
    }

    [Fact]
    public async Task Predict_MoreThanABatchHolds_AreRunInTheOrderOfArrival()
    {
        using var model = new RecordingModel { Gate = new SemaphoreSlim(0) };
        IPredictor<long[], Summed> predictor = Summing.Plain(model, static o => o.MaxBatchSize = 8);

        await RunBehind(model, Enumerable.Range(1, 20), i => predictor.PredictAsync([i]));

        model.FirstIds.Skip(1).Select(ids => ids.Length).Should().Equal(8, 8, 4);
        model.FirstIds.Skip(1).SelectMany(ids => ids).Should().BeInAscendingOrder();
    }

    [Fact]
    public async Task Predict_BatchSizeOne_QueuesAndRunsEachAlone()
    {
        using var model = new RecordingModel { Gate = new SemaphoreSlim(0) };
        IPredictor<long[], Summed> predictor = Summing.Plain(model, static o => o.MaxBatchSize = 1);

        await RunBehind(model, Enumerable.Range(1, 5), i => predictor.PredictAsync([i]));

        model.FirstIds.Should().OnlyContain(ids => ids.Length == 1);
        model.MostAtOnce.Should().Be(1);
    }

    [Fact]
    public async Task Predict_PreferredSizes_CutsTheBatchDown()
    {
        using var model = new RecordingModel { Gate = new SemaphoreSlim(0) };
        IPredictor<long[], Summed> predictor = Summing.Plain(model, static o => o.PreferredBatchSizes = [4, 16]);

        await RunBehind(model, Enumerable.Range(1, 23), i => predictor.PredictAsync([i]));

        model.FirstIds.Skip(1).Select(ids => ids.Length).Should().Equal(16, 4, 3);
    }

    [Fact]
    public async Task Predict_ALongRunOfAModelThatIsKnownAsShort_DoesNotKeepOthersWaiting()
    {
        using var model = new RecordingModel();
        IPredictor<long[], Summed> predictor = Summing.Plain(model, static o => o.MaxConcurrentRuns = 2);
        for (int i = 0; i < 1000; i++)
        {
            await predictor.PredictAsync([i]);
        }

        model.Gate = new SemaphoreSlim(0);
        Task<Summed> held = predictor.PredictAsync([1]).AsTask();
        Task<Summed> other = predictor.PredictAsync([2]).AsTask();

        // Both are under way, though neither has ended.
        while (model.Runs.Count < 1002)
        {
            (await model.Began.WaitAsync(TimeSpan.FromSeconds(30))).Should().BeTrue();
        }

        model.Gate.Release(2);
        (await Task.WhenAll(held, other)).Select(s => s.Sum).Should().Equal(1, 2);
        model.MostAtOnce.Should().Be(2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Predict_ConcurrentRuns_NeverMoreThanAllowed(int runs)
    {
        using var model = new RecordingModel { Gate = new SemaphoreSlim(0) };
        IPredictor<long[], Summed> predictor = Summing.Plain(model, o => (o.MaxConcurrentRuns, o.MaxBatchSize) = (runs, 2));
        Task<Summed>[] tasks = [.. Enumerable.Range(1, 40).Select(i => predictor.PredictAsync([i]).AsTask())];

        // As many runs begin as are allowed, though none has ended.
        for (int i = 0; i < runs; i++)
        {
            (await model.Began.WaitAsync(TimeSpan.FromSeconds(30))).Should().BeTrue();
        }

        model.Gate.Release(100);

        (await Task.WhenAll(tasks)).Select(s => s.Sum).Should().Equal(Enumerable.Range(1, 40).Select(i => (float)i));
        model.MostAtOnce.Should().Be(runs);
    }

    [Fact]
    public async Task Predict_MaxDelay_HoldsALoneExampleUntilTheBatchIsFull()
    {
        using var model = new RecordingModel();
        IPredictor<long[], Summed> predictor = Summing.Plain(model, static o => (o.MaxDelay, o.MaxBatchSize) = (TimeSpan.FromHours(1), 3));
        Task<Summed> first = predictor.PredictAsync([1]).AsTask();
        Task<Summed> second = predictor.PredictAsync([2]).AsTask();

        model.Runs.Should().BeEmpty();
        Task<Summed> third = predictor.PredictAsync([3]).AsTask();

        await Task.WhenAll(first, second, third);
        model.FirstIds.Should().BeEquivalentTo(new long[][] { [1, 2, 3] });
    }

    [Fact]
    public async Task Predict_MaxDelayPasses_RunsWhatIsThere()
    {
        using var model = new RecordingModel();
        IPredictor<long[], Summed> predictor = Summing.Plain(model, static o => o.MaxDelay = TimeSpan.FromMilliseconds(5));

        (await predictor.PredictAsync([1])).Sum.Should().Be(1);

        model.Runs.Should().HaveCount(1);
    }

    [Fact]
    public async Task Predict_ModelWithoutABatchDimension_RunsOneByOne()
    {
        using var model = new RecordingModel(hasBatch: false) { Gate = new SemaphoreSlim(0) };
        IPredictor<long[], Summed> predictor = Summing.Plain(model);

        await RunBehind(model, Enumerable.Range(1, 5), i => predictor.PredictAsync([i]));

        model.FirstIds.Should().HaveCount(6).And.OnlyContain(ids => ids.Length == 1);
    }

    // After a short run its callers are resumed by whoever still has the slot, after a long one by who has passed it on.
    [Theory]
    [InlineData(0)]
    [InlineData(1_000_000)]
    public async Task Predict_CallerHoldsItsContinuation_OthersGoOn(int spins)
    {
        using var model = new RecordingModel { Gate = new SemaphoreSlim(0), Spins = spins };
        IPredictor<long[], Summed> predictor = Summing.Plain(model, static o => o.MaxBatchSize = 4);
        using var hold = new ManualResetEventSlim();
        Task first = predictor.PredictAsync([100]).AsTask();
        Task[] holders = [.. Enumerable.Range(1, 8).Select(i => Hold(i))];
        Task<Summed>[] others = [.. Enumerable.Range(10, 8).Select(i => predictor.PredictAsync([i]).AsTask())];

        model.Gate.Release(100);

        // Every one of the eight sits on the thread that resumed it.
        await Task.WhenAll(others).WaitAsync(TimeSpan.FromSeconds(30));
        (await predictor.PredictAsync([50]).AsTask().WaitAsync(TimeSpan.FromSeconds(30))).Sum.Should().Be(50);
        holders.Should().OnlyContain(h => !h.IsCompleted);
        hold.Set();
        await Task.WhenAll(holders);
        await first;

        async Task Hold(int id)
        {
            await predictor.PredictAsync([id]).ConfigureAwait(false);
            hold.Wait();
        }
    }

    [Fact]
    public async Task Predict_BlockingForTheAnswer_Waits()
    {
        using var model = new RecordingModel { Gate = new SemaphoreSlim(0) };
        IPredictor<long[], Summed> predictor = Summing.Plain(model);
        Task<Summed> first = predictor.PredictAsync([100]).AsTask();
        var queued = new TaskCompletionSource();
        Task<float> second = Task.Factory.StartNew(
            () =>
            {
                ValueTask<Summed> task = predictor.PredictAsync([5]);
                queued.SetResult();
                return task.GetAwaiter().GetResult().Sum;
            },
            TaskCreationOptions.LongRunning);
        await queued.Task;

        model.Gate.Release(2);

        (await second).Should().Be(5);
        await first;
    }

    [Fact]
    public async Task Predict_WithContext_TellsTheStagesAndTheModel()
    {
        using var model = new RecordingModel { Gate = new SemaphoreSlim(0) };
        IPredictor<long[], Summed> predictor = Summing.Plain(model);
        Task<Summed> first = predictor.PredictAsync([100]).AsTask();
        using PredictionContext context = PredictionContext.Rent();
        Task<Summed> second = predictor.PredictAsync([5], context, CancellationToken.None).AsTask();

        model.Gate.Release(2);
        await Task.WhenAll(first, second);

        context.ModelName.Should().Be("recording");
        context.ModelVersion.Should().Be("7");
        context.Timings.ToArray().Select(t => t.Stage).Should().Equal(StageNames.Preprocess, StageNames.Queue, StageNames.Run, StageNames.Postprocess);
    }

    /// <summary>Holds the model with one example, queues others behind it, and lets all go.</summary>
    internal static async Task RunBehind(RecordingModel model, IEnumerable<int> ids, Func<int, ValueTask<Summed>> predict)
    {
        Task<Summed> first = predict(1_000_000).AsTask();
        Task<Summed>[] others = [.. ids.Select(i => predict(i).AsTask())];
        model.Gate!.Release(1000);
        await first;
        await Task.WhenAll(others);
    }
}
