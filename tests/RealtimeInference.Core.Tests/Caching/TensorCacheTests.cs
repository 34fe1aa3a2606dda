using RealtimeInference.Core.Tests.Batching;
using RealtimeInference.Core.Tests.Fakes;

namespace RealtimeInference.Core.Tests.Caching;

/// <summary>A cache between the encoder and the run.</summary>
public sealed class TensorCacheTests
{
    [Fact]
    public async Task Predict_SameTensors_RunsOnceAndEncodesOncePerRequest()
    {
        using FakeModel model = CachePipelines.Doubler();
        int encoded = 0;
        int decoded = 0;
        IPredictor<string, float> predictor = Predictor.For<string>()
            .Preprocess((text, tensors) =>
            {
                encoded++;
                tensors.Get<float>("x")[0] = text.Trim().Length;
            })
            .Cache()
            .Run(model)
            .Postprocess((_, tensors) =>
            {
                decoded++;
                return tensors.Get<float>("y")[0];
            })
            .Build();

        (await predictor.PredictAsync("abc")).Should().Be(6);
        (await predictor.PredictAsync(" xyz ")).Should().Be(6, "the tensors are the same");
        (await predictor.PredictAsync("ab")).Should().Be(4);

        (model.Runs, encoded, decoded).Should().Be((2, 3, 2));
        PredictionCacheStatistics statistics = CachePipelines.StatisticsOf(predictor);
        (statistics.Hits, statistics.Misses).Should().Be((1, 2));
        predictor.GetService(typeof(IModel)).Should().BeSameAs(model);
    }

    [Fact]
    public async Task Predict_ContextOfTheCaller_SaysWhereTheAnswerCameFrom()
    {
        using FakeModel model = CachePipelines.Doubler();
        model.Version = "7";
        IPredictor<float, float> predictor = model.TensorCached();
        foreach ((bool isCached, string[] stages) in new[]
        {
            (false, new[] { StageNames.Preprocess, StageNames.Preprocess, StageNames.Run, StageNames.Postprocess }),
            (true, [StageNames.Preprocess, StageNames.Cache]),
        })
        {
            using PredictionContext context = PredictionContext.Rent();
            await predictor.PredictAsync(1, context, CancellationToken.None);
            (context.IsCached, context.ModelName, context.ModelVersion).Should().Be((isCached, "fake", "7"));
            context.Timings.ToArray().Select(static t => t.Stage).Should().Equal(stages);
        }
    }

    [Fact]
    public async Task Predict_DefaultedFeatures_AreNotStored()
    {
        using FakeModel model = CachePipelines.Doubler();
        bool isDown = true;
        IPredictor<float, float> predictor = Predictor.For<float>()
            .Transform((x, context) =>
            {
                context.HasDefaultedFeatures = isDown;
                return x;
            })
            .Preprocess(static (x, tensors) => tensors.Get<float>("x")[0] = x)
            .Cache()
            .Run(model)
            .Postprocess(static (_, tensors) => tensors.Get<float>("y")[0])
            .Build();

        await predictor.PredictAsync(1);
        await predictor.PredictAsync(1);
        model.Runs.Should().Be(2);
        isDown = false;
        await predictor.PredictAsync(1);
        await predictor.PredictAsync(1);
        model.Runs.Should().Be(3);
    }

    [Fact]
    public async Task Predict_EncoderThrows_FailsThisRequestOnly()
    {
        using FakeModel model = CachePipelines.Doubler();
        IPredictor<float, float> predictor = Predictor.For<float>()
            .Preprocess(static (x, tensors) => tensors.Get<float>("x")[0] = x < 0 ? throw new FormatException("cannot encode") : x)
            .Cache()
            .Run(model)
            .Postprocess(static (_, tensors) => tensors.Get<float>("y")[0])
            .Build();

        await FluentActions.Awaiting(() => predictor.PredictAsync(-1).AsTask()).Should().ThrowExactlyAsync<FormatException>();
        (await predictor.PredictAsync(1)).Should().Be(2);
    }

    [Fact]
    public async Task Predict_InputIsNotWritten_SaysSoAsWithoutACache()
    {
        using FakeModel model = CachePipelines.Doubler();
        IPredictor<float, float> predictor = Predictor.For<float>()
            .Preprocess(static (_, _) => { })
            .Cache()
            .Run(model)
            .Postprocess(static (_, tensors) => tensors.Get<float>("y")[0])
            .Build();

        await FluentActions.Awaiting(() => predictor.PredictAsync(1).AsTask()).Should().ThrowExactlyAsync<TensorMismatchException>();
    }

    [Fact]
    public async Task Predict_RunUnbatched_IsCachedToo()
    {
        using FakeModel model = CachePipelines.Doubler();
        IPredictor<float, float> predictor = Predictor.For<float>()
            .Preprocess(static (x, tensors) => tensors.Get<float>("x")[0] = x)
            .Cache()
            .RunUnbatched(model)
            .Postprocess(static (_, tensors) => tensors.Get<float>("y")[0])
            .Build();

        await predictor.PredictAsync(1);
        (await predictor.PredictAsync(1)).Should().Be(2);
        model.Runs.Should().Be(1);
    }

    [Fact]
    public async Task Predict_OptionalInput_ArrivesAtTheModelOnlyIfWritten()
    {
        using OnnxModel model = Testing.TestModels.Load("optional_input.onnx");
        EncodedBuilder<float[], float[]> encoded = Predictor.For<float[]>().Preprocess(static (x, tensors) =>
        {
            tensors.Set<float>("x", x.AsSpan(0, 3), 1, 3);
            if (x.Length > 3)
            {
                tensors.Set<float>("bias", x.AsSpan(3));
            }
        });
        IPredictor<float[], float[]> plain = encoded.RunUnbatched(model).Postprocess(static (_, tensors) => tensors.Get<float>("y").ToArray()).Build();
        IPredictor<float[], float[]> cached = encoded.Cache().RunUnbatched(model).Postprocess(static (_, tensors) => tensors.Get<float>("y").ToArray()).Build();

        foreach (float[] x in new float[][] { [1, 2, 3], [1, 2, 3, 0, 0, 0], [1, 2, 3, 1, 1, 1], [1, 2, 3] })
        {
            (await cached.PredictAsync(x)).Should().Equal(await plain.PredictAsync(x));
        }

        CachePipelines.StatisticsOf(cached).Hits.Should().Be(1);
    }

    [Fact]
    public async Task Predict_Strings_ArriveAtTheModelAsWritten()
    {
        using OnnxModel model = Testing.TestModels.Load("identity_string.onnx");
        int runs = 0;
        IPredictor<string[], string> predictor = Predictor.For<string[]>()
            .Preprocess(static (texts, tensors) => tensors.SetStrings("x", texts))
            .Cache()
            .Run(model)
            .Postprocess((_, tensors) => $"{++runs}: {string.Join('|', tensors.GetStrings("y").ToArray())}")
            .Build();

        (await predictor.PredictAsync(["ab", "c", ""])).Should().Be("1: ab|c|");
        (await predictor.PredictAsync(["a", "bc", ""])).Should().Be("2: a|bc|");
        (await predictor.PredictAsync(["ab", "c", ""])).Should().Be("1: ab|c|");
    }

    [Fact]
    public async Task Predict_PaddedBatches_AreAsWithoutACache()
    {
        using var model = new RecordingModel { Gate = new SemaphoreSlim(0) };
        IPredictor<long[], float> predictor = Predictor.For<long[]>()
            .Preprocess(static (ids, tensors) => ids.CopyTo(tensors.Get<long>("ids", ids.Length)))
            .Cache()
            .Run(model, static o => o.Pad("ids", -1, maxLength: 100).PadMask("mask", of: "ids").MaxPadding = 0.9)
            .Postprocess(static (_, outputs) => outputs.Get<float>("sum")[0])
            .Build();

        // The first holds the model; the others queue, and some are the same.
        Task<float>[] tasks = [.. new long[][] { [1], [2, 3], [4, 5, 6], [2, 3], [4, 5, 6], [7] }.Select(ids => predictor.PredictAsync(ids).AsTask())];
        model.Gate.Release(100);

        (await Task.WhenAll(tasks)).Should().Equal(1, 5, 15, 5, 15, 7);
        model.Runs.Sum(static rows => rows.Length).Should().Be(4, "each example is run once");
        model.Runs.Should().Contain(static rows => rows.Length > 1, "those that queued shared a run");
        (await predictor.PredictAsync([2, 3])).Should().Be(5);
        CachePipelines.StatisticsOf(predictor).Joined.Should().Be(2);
    }

    [Fact]
    public async Task Predict_ManyThreadsMixedInputs_EachGetsItsOwn()
    {
        using OnnxModel model = Testing.TestModels.Load("mlp_30_64_32_1.onnx");
        EncodedBuilder<int, int> encoded = Predictor.For<int>().Preprocess(static (x, inputs) => inputs.Get<float>("features").Fill(x % 200 / 200f));
        IPredictor<int, float> predictor = encoded.Cache(static o => o.SizeLimit = 50).Run(model).Postprocess(static (_, o) => o.Get<float>("score")[0]).Build();
        IPredictor<int, float> plain = encoded.RunUnbatched(model).Postprocess(static (_, o) => o.Get<float>("score")[0]).Build();
        float[] expected = await Task.WhenAll(Enumerable.Range(0, 200).Select(x => plain.PredictAsync(x).AsTask()));

        Task[] callers = [.. Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            for (int i = 0; i < 2000; i++)
            {
                int x = random.Next(200);
                Math.Abs(await predictor.PredictAsync(x) - expected[x]).Should().BeLessThan(1e-6f);
            }
        }))];
        await Task.WhenAll(callers);
        CachePipelines.StatisticsOf(predictor).Hits.Should().BePositive();
    }
}
