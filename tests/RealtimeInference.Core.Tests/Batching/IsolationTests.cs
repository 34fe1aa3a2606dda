namespace RealtimeInference.Core.Tests.Batching;

/// <summary>One bad example harms no other.</summary>
public sealed class IsolationTests
{
    [Fact]
    public async Task Predict_OneRowFailsTheBatch_OnlyItFails()
    {
        using var model = new RecordingModel { Gate = new SemaphoreSlim(0), IsBad = static id => id is 3 or 7 };
        IPredictor<long[], Summed> predictor = Summing.Plain(model);
        Task<Summed> first = predictor.PredictAsync([100]).AsTask();
        Task<Summed>[] others = [.. Enumerable.Range(1, 8).Select(i => predictor.PredictAsync([i]).AsTask())];

        model.Gate.Release(1000);
        await first;

        for (int i = 1; i <= 8; i++)
        {
            Task<Summed> task = others[i - 1];
            if (i is 3 or 7)
            {
                Func<Task> wait = () => task;
                await wait.Should().ThrowAsync<InvalidOperationException>().WithMessage($"cannot run {i}");
            }
            else
            {
                (await task).Sum.Should().Be(i);
            }
        }

        // The batch once, and then each of its rows once.
        model.FirstIds.Select(ids => ids.Length).Should().Equal(1, 8, 1, 1, 1, 1, 1, 1, 1, 1);
        model.Rented.Should().Be(model.Returned);
        (await predictor.PredictAsync([9])).Sum.Should().Be(9);
    }

    [Fact]
    public async Task Predict_BatchOfOneFails_IsNotTriedAgain()
    {
        using var model = new RecordingModel { Gate = new SemaphoreSlim(0), IsBad = static id => id == 3 };
        IPredictor<long[], Summed> predictor = Summing.Plain(model);
        Task<Summed> first = predictor.PredictAsync([100]).AsTask();
        Task<Summed> bad = predictor.PredictAsync([3]).AsTask();

        model.Gate.Release(1000);
        await first;

        Func<Task> wait = () => bad;
        await wait.Should().ThrowAsync<InvalidOperationException>();
        model.Runs.Should().HaveCount(2);
    }

    [Fact]
    public async Task Predict_EncoderThrows_FailsAloneAndIsNotQueued()
    {
        using var model = new RecordingModel { Gate = new SemaphoreSlim(0) };
        IPredictor<long[], Summed> predictor = Summing.Plain(model, static o => o.MaxQueueLength = 2);
        Task<Summed> first = predictor.PredictAsync([100]).AsTask();

        // More often than the queue is long: a request that failed must not take its place.
        for (int i = 0; i < 5; i++)
        {
            Func<Task> encode = () => predictor.PredictAsync([-99]).AsTask();
            await encode.Should().ThrowAsync<FormatException>().WithMessage("cannot encode this");
        }

        Task<Summed> last = predictor.PredictAsync([2]).AsTask();
        model.Gate.Release(1000);
        await Task.WhenAll(first, last);
        model.FirstIds.Should().BeEquivalentTo(new long[][] { [100], [2] }, o => o.WithStrictOrdering());
    }

    [Fact]
    public async Task Predict_DecoderThrows_FailsItsOwnRow()
    {
        using var model = new RecordingModel { Gate = new SemaphoreSlim(0) };
        IPredictor<long[], Summed> predictor = Summing.Plain(model);
        Task<Summed> first = predictor.PredictAsync([100]).AsTask();
        Task<Summed> before = predictor.PredictAsync([1]).AsTask();
        Task<Summed> bad = predictor.PredictAsync([-98]).AsTask();
        Task<Summed> after = predictor.PredictAsync([2]).AsTask();

        model.Gate.Release(1000);

        (await Task.WhenAll(first, before, after)).Select(s => s.Sum).Should().Equal(100, 1, 2);
        Func<Task> wait = () => bad;
        await wait.Should().ThrowAsync<FormatException>().WithMessage("cannot decode this");
        model.Runs.Should().HaveCount(2, "the run itself was good");
        model.Rented.Should().Be(model.Returned);
    }

    [Fact]
    public async Task Predict_MissingInput_FailsAlone()
    {
        using var model = new RecordingModel { Gate = new SemaphoreSlim(0) };
        IPredictor<long, float> predictor = Predictor.For<long>()
            .Preprocess(static (id, inputs) =>
            {
                inputs.Get<long>("ids", 1)[0] = id;
                if (id != 13)
                {
                    inputs.Get<long>("mask", 1)[0] = 1;
                }
            })
            .Run(model)
            .Postprocess(static (_, outputs) => outputs.Get<float>("sum")[0])
            .Build();
        Task<float> first = predictor.PredictAsync(1).AsTask();
        Func<Task> incomplete = () => predictor.PredictAsync(13).AsTask();

        await incomplete.Should().ThrowAsync<TensorMismatchException>().WithMessage("*'mask*");

        Task<float> last = predictor.PredictAsync(2).AsTask();
        model.Gate.Release(10);
        (await Task.WhenAll(first, last)).Should().Equal(1, 2);
    }

    [Fact]
    public async Task Predict_ModelIsDisposedWhileTheyWait_EachEndsWithATypedError()
    {
        OnnxModel model = Testing.TestModels.Load("mlp_30_64_32_1.onnx");
        IPredictor<int, float> predictor = Predictor.For<int>()
            .Preprocess(static (seed, inputs) => inputs.Get<float>("features").Fill(seed / 100f))
            .Run(model)
            .Postprocess(static (_, outputs) => outputs.Get<float>("score")[0])
            .Build();
        Task<float>[] tasks = [.. Enumerable.Range(0, 500).Select(i => Task.Run(() => predictor.PredictAsync(i).AsTask()))];
        await Task.WhenAny(tasks);

        await model.DisposeAsync();

        await Task.WhenAll(tasks.Select(t => t.ContinueWith(static _ => { }, TaskScheduler.Default))).WaitAsync(TimeSpan.FromSeconds(30));
        tasks.Should().OnlyContain(t => t.IsCompletedSuccessfully || t.Exception!.InnerException is ObjectDisposedException);
    }
}
