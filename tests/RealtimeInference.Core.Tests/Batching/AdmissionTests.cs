namespace RealtimeInference.Core.Tests.Batching;

/// <summary>What is refused, and how.</summary>
public sealed class AdmissionTests
{
    [Fact]
    public async Task Predict_QueueIsFull_IsRefusedAtOnceAndNobodyElseIsHarmed()
    {
        using var model = new RecordingModel { Gate = new SemaphoreSlim(0) };
        IPredictor<long[], Summed> predictor = Summing.Plain(model, static o => o.MaxQueueLength = 3);
        Task<Summed>[] admitted = [.. Enumerable.Range(0, 4).Select(i => predictor.PredictAsync([i]).AsTask())];

        ValueTask<Summed> refused = predictor.PredictAsync([99]);

        refused.IsFaulted.Should().BeTrue("a refusal comes at once");
        Func<Task> wait = () => refused.AsTask();
        OverloadedException error = (await wait.Should().ThrowAsync<OverloadedException>()).Which;
        error.Message.Should().Contain("'recording'").And.Contain("3 examples wait").And.Contain("MaxQueueLength is 3");
        error.RetryAfter.Should().BePositive();
        model.Gate.Release(100);
        (await Task.WhenAll(admitted)).Select(s => s.Sum).Should().Equal(0, 1, 2, 3);
        (await predictor.PredictAsync([7])).Sum.Should().Be(7, "there is room again");
        model.FirstIds.SelectMany(ids => ids).Should().NotContain(99);
    }

    [Fact]
    public async Task Predict_FromManyThreads_TheBoundIsNeverPassed()
    {
        using var model = new RecordingModel { Gate = new SemaphoreSlim(0) };
        IPredictor<long[], Summed> predictor = Summing.Plain(model, static o => o.MaxQueueLength = 10);
        Task<Summed> first = predictor.PredictAsync([100]).AsTask();

        Task<Summed>[][] calls = await Task.WhenAll(Enumerable.Range(0, 8).Select(t => Task.Run(() =>
            Enumerable.Range(0, 50).Select(i => predictor.PredictAsync([i]).AsTask()).ToArray())));
        model.Gate.Release(1000);
        await first;

        Task<Summed>[] all = [.. calls.SelectMany(c => c)];
        await Task.WhenAll(all.Select(t => t.ContinueWith(static _ => { }, TaskScheduler.Default)));
        all.Count(t => t.IsCompletedSuccessfully).Should().Be(10);
        all.Where(t => t.IsFaulted).Should().OnlyContain(t => t.Exception!.InnerException is OverloadedException);
    }

    [Fact]
    public async Task Predict_DeadlineThatTheQueueCannotMake_IsRefusedEarly()
    {
        // The rate is measured with the machine's clock: each run is held for 20 ms.
        using var model = new RecordingModel { Gate = new SemaphoreSlim(0) };
        IPredictor<long[], Summed> predictor = Summing.Plain(model, static o => o.MaxBatchSize = 1);
        Task learn = Task.WhenAll(Enumerable.Range(0, 4).Select(i => predictor.PredictAsync([i]).AsTask()));
        for (int i = 0; i < 4; i++)
        {
            (await model.Began.WaitAsync(TimeSpan.FromSeconds(30))).Should().BeTrue();
            await Task.Delay(20);
            model.Gate.Release();
        }

        await learn;
        Task<Summed>[] waiting = [.. Enumerable.Range(0, 50).Select(i => predictor.PredictAsync([i]).AsTask())];

        ValueTask<Summed> hopeless = predictor.PredictAsync([99], new PredictionOptions { Deadline = TimeSpan.FromMilliseconds(100) });
        ValueTask<Summed> patient = predictor.PredictAsync([98], new PredictionOptions { Deadline = TimeSpan.FromHours(1) });

        Func<Task> wait = () => hopeless.AsTask();
        OverloadedException error = (await wait.Should().ThrowAsync<OverloadedException>()).Which;
        error.Message.Should().Contain("cannot make the deadline").And.Contain("examples wait");
        error.RetryAfter.Should().BeGreaterThan(TimeSpan.FromMilliseconds(100));
        model.Gate.Release(1000);
        await Task.WhenAll(waiting);
        (await patient).Sum.Should().Be(98);
    }

    [Fact]
    public async Task Refusal_OfAFullQueue_NeverEncodes()
    {
        int encoded = 0;
        using var model = new RecordingModel { Gate = new SemaphoreSlim(0) };
        IPredictor<long, float> predictor = Predictor.For<long>()
            .Preprocess((id, inputs) =>
            {
                encoded++;
                inputs.Get<long>("ids", 1)[0] = id;
                inputs.Get<long>("mask", 1)[0] = 1;
            })
            .Run(model, static o => o.MaxQueueLength = 1)
            .Postprocess(static (_, outputs) => outputs.Get<float>("sum")[0])
            .Build();
        Task<float> first = predictor.PredictAsync(1).AsTask();
        Task<float> second = predictor.PredictAsync(2).AsTask();

        for (int i = 0; i < 100; i++)
        {
            Func<Task> refused = () => predictor.PredictAsync(3).AsTask();
            await refused.Should().ThrowAsync<OverloadedException>();
        }

        encoded.Should().Be(2);
        model.Gate.Release(10);
        (await Task.WhenAll(first, second)).Should().Equal(1, 2);
    }
}
