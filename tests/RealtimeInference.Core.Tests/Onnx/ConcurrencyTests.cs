using RealtimeInference.Core.Tests.Testing;

namespace RealtimeInference.Core.Tests.Onnx;

/// <summary>Concurrent runs answer bit for bit as serial ones do, also while the model is disposed.</summary>
public sealed class ConcurrencyTests
{
    private const int Threads = 8;
    private const int Runs = 500;

    [Fact]
    public void PredictAsync_EightThreads_AnswerAsOneDoes()
    {
        using OnnxModel model = TestModels.Load("mlp_30_64_32_1.onnx");
        IPredictor<int, float> predictor = BuildScore(model);
        float[] expected = [.. Enumerable.Range(0, Runs).Select(seed => Complete(predictor.PredictAsync(seed)))];

        Parallel(thread =>
        {
            for (int i = 0; i < Runs; i++)
            {
                int seed = (i + (thread * 31)) % Runs;
                BitConverter.SingleToInt32Bits(Complete(predictor.PredictAsync(seed)))
                    .Should().Be(BitConverter.SingleToInt32Bits(expected[seed]));
            }
        });
    }

    [Fact]
    public void PredictAsync_EightThreadsWithLengthsThatChange_AnswerAsOneDoes()
    {
        using OnnxModel model = TestModels.Load("variable_length.onnx");
        IPredictor<int, float[]> predictor = Predictor.For<int>()
            .Preprocess((seed, inputs) =>
            {
                var random = new Random(seed);
                int length = 1 + random.Next(40);
                foreach (ref long id in inputs.Get<long>("input_ids", length))
                {
                    id = random.Next(50);
                }

                inputs.Get<long>("attention_mask", length).Fill(1);
            })
            .Run(model)
            .Postprocess((_, outputs) => outputs.Get<float>("embedding").ToArray())
            .Build();
        float[][] expected = [.. Enumerable.Range(0, Runs).Select(seed => Complete(predictor.PredictAsync(seed)))];

        Parallel(thread =>
        {
            for (int i = 0; i < Runs; i++)
            {
                int seed = (i + (thread * 31)) % Runs;

                // In a batch with others the same sums are made in another order.
                Complete(predictor.PredictAsync(seed)).Should().Equal(expected[seed], static (a, b) => Math.Abs(a - b) < 1e-5f);
            }
        });
    }

    [Fact]
    public async Task Dispose_DuringAThousandPredictions_EachAnswersOrIsRefused()
    {
        OnnxModel model = TestModels.Load("mlp_30_64_32_1.onnx");
        IPredictor<int, float> predictor = BuildScore(model);
        float expected = await predictor.PredictAsync(7);
        var halfWay = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int ended = 0;
        int answered = 0;
        int refused = 0;
        Task disposal = Task.Run(async () =>
        {
            await halfWay.Task;
            await model.DisposeAsync();
        });

        Task[] callers = [.. Enumerable.Range(0, 1000).Select(_ => Task.Run(async () =>
        {
            try
            {
                (await predictor.PredictAsync(7)).Should().Be(expected);
                Interlocked.Increment(ref answered);
            }
            catch (ObjectDisposedException)
            {
                Interlocked.Increment(ref refused);
            }

            if (Interlocked.Increment(ref ended) == 500)
            {
                halfWay.SetResult();
            }
        }))];
        await Task.WhenAll(callers);
        await disposal;

        answered.Should().BeGreaterThanOrEqualTo(500);
        (answered + refused).Should().Be(1000);
        await predictor.Awaiting(p => p.PredictAsync(7).AsTask()).Should().ThrowAsync<ObjectDisposedException>();
    }

    private static IPredictor<int, float> BuildScore(OnnxModel model) => Predictor.For<int>()
        .Preprocess((seed, inputs) =>
        {
            var random = new Random(seed);
            foreach (ref float value in inputs.GetUninitialized<float>("features"))
            {
                value = random.NextSingle();
            }
        })
        .Run(model)
        .Postprocess((_, outputs) => outputs.Get<float>("score")[0])
        .Build();

    private static T Complete<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();

    private static void Parallel(Action<int> action)
    {
        Exception? failure = null;
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(index => new Thread(() =>
        {
            try
            {
                action(index);
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        }))];
        Array.ForEach(threads, static t => t.Start());
        Array.ForEach(threads, static t => t.Join());
        failure.Should().BeNull();
    }
}
