namespace RealtimeInference.Core.Tests.Batching;

/// <summary>Examples of different length in one run.</summary>
public sealed class VariableLengthTests
{
    [Fact]
    public async Task Predict_SimilarLengths_ArePaddedMaskedAndCutBack()
    {
        using var model = new RecordingModel { Gate = new SemaphoreSlim(0) };
        IPredictor<long[], Summed> predictor = Summing.Padded(model, static o => o.MaxPadding = 0.5);
        Task<Summed> first = predictor.PredictAsync([100]).AsTask();
        Task<Summed> longer = predictor.PredictAsync([1, 2, 3]).AsTask();
        Task<Summed> shorter = predictor.PredictAsync([7, 8]).AsTask();

        model.Gate.Release(100);
        await Task.WhenAll(first, longer, shorter);

        model.Runs.Last().Should().BeEquivalentTo(new long[][] { [1, 2, 3], [7, 8, -1] }, o => o.WithStrictOrdering());
        model.Masks.Last().Should().BeEquivalentTo(new long[][] { [1, 1, 1], [1, 1, 0] }, o => o.WithStrictOrdering());
        (await longer).Should().BeEquivalentTo(new Summed(6, [1, 2, 3]));
        (await shorter).Should().BeEquivalentTo(new Summed(15, [7, 8]), "an example sees no padding in its outputs");
    }

    [Fact]
    public async Task Predict_NothingDeclared_OnlyEqualShapesShareARun()
    {
        using var model = new RecordingModel { Gate = new SemaphoreSlim(0) };
        IPredictor<long[], Summed> predictor = Summing.Plain(model);
        Task<Summed> first = predictor.PredictAsync([100]).AsTask();
        Task<Summed>[] others = [.. new long[][] { [1, 1], [2], [3, 3], [4], [5, 5] }.Select(ids => predictor.PredictAsync(ids).AsTask())];

        model.Gate.Release(100);
        await first;
        await Task.WhenAll(others);

        model.FirstIds.Should().BeEquivalentTo(new long[][] { [100], [1, 3, 5], [2, 4] }, o => o.WithStrictOrdering());
    }

    [Fact]
    public async Task Predict_VeryDifferentLengths_AreNotPaddedTogether()
    {
        using var model = new RecordingModel { Gate = new SemaphoreSlim(0) };
        IPredictor<long[], Summed> predictor = Summing.Padded(model, static o => o.MaxPadding = 0.1);

        await RunBehind(model, predictor, [50, 3, 49, 4, 48, 3, 50, 50, 50, 4]);

        foreach (long[][] run in model.Runs.Skip(1))
        {
            int padding = run.Sum(row => row.Count(id => id == -1));
            int whole = run.Sum(row => row.Length);
            padding.Should().BeLessThanOrEqualTo(Math.Max(64, whole / 10));
        }

        model.Runs.Skip(1).Should().HaveCountLessThan(10).And.HaveCountGreaterThan(1);
        model.Runs.Skip(1).Select(run => run[0].Length).First().Should().BeInRange(48, 50, "the first come is in the first batch");
    }

    [Fact]
    public async Task Predict_AnOddLengthAmongMany_IsRunWithinTheStatedBound()
    {
        using var model = new RecordingModel { Gate = new SemaphoreSlim(0) };
        IPredictor<long[], Summed> predictor = Summing.Padded(model, static o => (o.MaxBatchSize, o.MaxPadding) = (4, 0));
        var tasks = new List<Task> { predictor.PredictAsync(Example(100, 9)).AsTask() };
        int[] ahead = [90, 80, 70];
        tasks.AddRange(ahead.Select(length => predictor.PredictAsync(Example(length, length)).AsTask()));
        tasks.Add(predictor.PredictAsync(Example(1, 1)).AsTask());

        // Full batches of other lengths keep coming.
        for (int i = 0; i < 10; i++)
        {
            (await model.Began.WaitAsync(TimeSpan.FromSeconds(30))).Should().BeTrue();
            tasks.AddRange(Enumerable.Range(0, 4).Select(_ => predictor.PredictAsync(Example(200, 90)).AsTask()));
            model.Gate.Release();
        }

        model.Gate.Release(1000);
        await Task.WhenAll(tasks);

        // Three came before it, so it is in the fourth batch after the first run at the latest.
        model.FirstIds.Take(5).SelectMany(ids => ids).Should().Contain(1);
    }

    [Fact]
    public async Task Predict_OverTheDeclaredLength_FailsAlone()
    {
        using var model = new RecordingModel { Gate = new SemaphoreSlim(0) };
        IPredictor<long[], Summed> predictor = Summing.Padded(model);
        Func<Task> idle = () => predictor.PredictAsync(Example(1, 101)).AsTask();
        (await idle.Should().ThrowAsync<TensorMismatchException>().WithMessage("*101*100*")).Which.TensorName.Should().Be("ids");

        Task<Summed> first = predictor.PredictAsync([100]).AsTask();
        Func<Task> queued = () => predictor.PredictAsync(Example(1, 101)).AsTask();
        await queued.Should().ThrowAsync<TensorMismatchException>().WithMessage("*101*100*");
        Task<Summed> whole = predictor.PredictAsync(Example(1, 100)).AsTask();

        model.Gate.Release(100);
        await first;
        (await whole).Sum.Should().Be(100);
        model.Runs.Should().HaveCount(2);
    }

    [Fact]
    public async Task Predict_ElementBudget_BoundsEveryRun()
    {
        using var model = new RecordingModel { Gate = new SemaphoreSlim(0) };
        IPredictor<long[], Summed> predictor = Summing.Padded(model, static o => (o.MaxBatchElements, o.MaxPadding) = (60, 0.5));

        await RunBehind(model, predictor, [20, 20, 20, 20, 10, 10, 10, 10, 10, 60]);

        model.Runs.Should().OnlyContain(run => run.Sum(row => row.Length) <= 60);
        model.Runs.Skip(1).Should().HaveCountLessThan(10);
        Func<Task> tooLarge = () => predictor.PredictAsync(Example(1, 61)).AsTask();
        await tooLarge.Should().ThrowAsync<TensorMismatchException>().WithMessage("*61*60*");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Predict_RandomLengths_EachAnswersAsAlone(int seed)
    {
        var random = new Random(seed);
        using var model = new RecordingModel(slots: 2);
        IPredictor<long[], Summed> predictor = Summing.Padded(model, o => (o.MaxPadding, o.MaxBatchElements) = (random.NextDouble() * 0.9, 400));
        long[][] examples = [.. Enumerable.Range(0, 400).Select(_ => Enumerable.Range(0, 1 + random.Next(100)).Select(_ => (long)random.Next(1, 50)).ToArray())];

        Summed[] answers = await Task.WhenAll(examples.Select(ids => Task.Run(() => predictor.PredictAsync(ids).AsTask())));

        for (int i = 0; i < examples.Length; i++)
        {
            answers[i].Sum.Should().Be(examples[i].Sum());
            answers[i].Echo.Should().Equal(examples[i].Select(id => (float)id));
        }

        model.Rented.Should().Be(model.Returned);
    }

    [Fact]
    public async Task Predict_PaddedRealModel_AnswersAsAlone()
    {
        // A mean over the embeddings where the mask is set, made by another framework.
        using OnnxModel model = Testing.TestModels.Load("variable_length.onnx");
        EncodedBuilder<int, int> encoded = Predictor.For<int>().Preprocess(static (seed, inputs) =>
        {
            var random = new Random(seed);
            foreach (ref long id in inputs.Get<long>("input_ids", 1 + random.Next(40)))
            {
                id = random.Next(50);
            }
        });
        IPredictor<int, float[]> batched = encoded
            .Run(model, static o =>
            {
                o.Pad("input_ids").PadMask("attention_mask", of: "input_ids");
                o.MaxPadding = 0.9;
                o.MaxConcurrentRuns = 1;
            })
            .Postprocess(static (_, outputs) => outputs.Get<float>("embedding").ToArray())
            .Build();
        float[][] alone = new float[64][];
        for (int i = 0; i < alone.Length; i++)
        {
            alone[i] = await batched.PredictAsync(i);
        }

        for (int round = 0; round < 5; round++)
        {
            float[][] together = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(() => batched.PredictAsync(i).AsTask())));

            for (int i = 0; i < alone.Length; i++)
            {
                together[i].Should().Equal(alone[i], static (a, b) => Math.Abs(a - b) < 1e-5f);
            }
        }
    }

    private static long[] Example(long id, int length) => [id, .. Enumerable.Repeat(1L, length - 1)];

    private static async Task RunBehind(RecordingModel model, IPredictor<long[], Summed> predictor, int[] lengths)
    {
        Task<Summed> first = predictor.PredictAsync([100]).AsTask();
        Task<Summed>[] others = [.. lengths.Select((length, i) => predictor.PredictAsync(Example(i + 1, length)).AsTask())];
        model.Gate!.Release(1000);
        await first;
        Summed[] answers = await Task.WhenAll(others);
        answers.Select(a => a.Echo.Length).Should().Equal(lengths);
        answers.Select(a => a.Sum).Should().Equal(lengths.Select((length, i) => (float)(i + length)));
    }
}
