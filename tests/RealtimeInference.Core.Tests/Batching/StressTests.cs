using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace RealtimeInference.Core.Tests.Batching;

/// <summary>Everything at once, at random but repeatable in what is asked: lengths, priorities, cancels, deadlines, faults.</summary>
public sealed class StressTests
{
    private const int Callers = 48;
    private const int Calls = 150;

    // What the example is, which says how it must end.
    private const long Unencodable = -99;
    private const long Undecodable = -98;
    private const long Unrunnable = 666;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    public async Task Predict_AnythingAtOnce_EachCallEndsOnceWithItsOwnResultOrItsOwnError(int seed, int slots)
    {
        using var model = new RecordingModel(slots: slots) { IsBad = static id => id == Unrunnable, Spins = 3000 };
        IPredictor<long[], Summed> predictor = Summing.Padded(model, static o => (o.MaxQueueLength, o.MaxPadding, o.MaxBatchSize) = (40, 0.5, 16));
        var ends = new ConcurrentDictionary<string, int>();
        int ended = 0;

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var random = new Random((seed * 1000) + caller);
            for (int i = 0; i < Calls; i++)
            {
                string end = await CallAsync(predictor, random);
                ends.AddOrUpdate(end, 1, static (_, n) => n + 1);
                Interlocked.Increment(ref ended);
            }
        }))).WaitAsync(TimeSpan.FromMinutes(2));

        ended.Should().Be(Callers * Calls);
        ends.Keys.Should().Contain(["answered", "cancelled", "not encoded", "not decoded", "not run"], "the load is meant to have all of them");
        model.Rented.Should().Be(model.Returned, "every runner is back");
        model.MostAtOnce.Should().BeLessThanOrEqualTo(slots);
        model.Runs.Should().OnlyContain(rows => rows.Length <= 16);

        // And it is still in order afterwards: all slots are free and the queue is empty.
        for (int i = 0; i < 2 * slots; i++)
        {
            (await predictor.PredictAsync([i])).Sum.Should().Be(i);
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public async Task Predict_AQueueOfAnything_IsRunInOrderWithinTheStatedBounds(int seed)
    {
        const int Waiting = 200;
        const int Ageing = 4;
        var random = new Random(seed);
        using var model = new RecordingModel { Gate = new SemaphoreSlim(0) };
        IPredictor<long[], Summed> predictor = Summing.Padded(model, static o => (o.MaxBatchSize, o.AgeingBatches, o.MaxPadding) = (8, Ageing, 0.2));
        var tasks = new List<Task> { predictor.PredictAsync([1_000_000]).AsTask() };
        var asked = new (int Length, PredictionPriority Priority)[Waiting];
        for (int i = 0; i < Waiting; i++)
        {
            asked[i] = (1 + random.Next(100), (PredictionPriority)random.Next(3));
            long[] ids = [1000 + i, .. Enumerable.Repeat(1L, asked[i].Length - 1)];
            tasks.Add(predictor.PredictAsync(ids, new PredictionOptions { Priority = asked[i].Priority }).AsTask());
        }

        model.Gate.Release(10_000);
        await Task.WhenAll(tasks);

        int[] batchOf = new int[Waiting];
        long[][] runs = [.. model.FirstIds.Skip(1)];
        for (int b = 0; b < runs.Length; b++)
        {
            foreach (long id in runs[b])
            {
                batchOf[id - 1000] = b;
            }
        }

        runs.Sum(r => r.Length).Should().Be(Waiting, "each is run once");
        for (int i = 0; i < Waiting; i++)
        {
            // All came during one run, so who is of a higher priority is ahead, and among equals who came before.
            int ahead = asked.Where((a, j) => a.Priority < asked[i].Priority || (a.Priority == asked[i].Priority && j < i)).Count();
            batchOf[i].Should().BeLessThanOrEqualTo(ahead, "each batch takes at least the most urgent example");
            for (int j = i + 1; j < Waiting; j++)
            {
                if (asked[i] == asked[j])
                {
                    batchOf[i].Should().BeLessThanOrEqualTo(batchOf[j], "equal examples go in the order of arrival");
                }
            }
        }
    }

    [Fact]
    public async Task Predict_RealModelDisposedInTheMiddle_EachCallEndsWithItsAnswerOrATypedError()
    {
        OnnxModel model = Testing.TestModels.Load("variable_length.onnx");
        IPredictor<int, float[]> predictor = Predictor.For<int>()
            .Preprocess(static (seed, inputs) =>
            {
                foreach (ref long id in inputs.Get<long>("input_ids", 1 + (seed % 37)))
                {
                    id = seed % 50;
                }
            })
            .Run(model, static o =>
            {
                o.Pad("input_ids").PadMask("attention_mask", of: "input_ids");
                o.MaxPadding = 0.9;
            })
            .Postprocess(static (_, outputs) => outputs.Get<float>("embedding").ToArray())
            .Build();
        float[][] alone = new float[200][];
        for (int i = 0; i < alone.Length; i++)
        {
            alone[i] = await predictor.PredictAsync(i);
        }

        int answered = 0;
        int refused = 0;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task callers = Task.WhenAll(Enumerable.Range(0, 32).Select(caller => Task.Run(async () =>
        {
            for (int i = 0; i < 1_000_000; i++)
            {
                try
                {
                    float[] answer = await predictor.PredictAsync((i + caller) % 200);
                    answer.Should().Equal(alone[(i + caller) % 200], static (a, b) => Math.Abs(a - b) < 1e-5f);
                    if (Interlocked.Increment(ref answered) == 5000)
                    {
                        enough.SetResult();
                    }
                }
                catch (ObjectDisposedException)
                {
                    Interlocked.Increment(ref refused);
                    return;
                }
            }
        })));

        await enough.Task.WaitAsync(TimeSpan.FromMinutes(1));
        await model.DisposeAsync();
        await callers.WaitAsync(TimeSpan.FromMinutes(1));

        refused.Should().Be(32, "each goes on until the model is gone");
    }

    [Fact]
    public async Task Predict_Afterwards_NothingKeepsTheExamplesAlive()
    {
        using var model = new RecordingModel(slots: 2);
        IPredictor<long[], Summed> predictor = Summing.Padded(model);

        WeakReference[] inputs = await PredictAsync();

        // The contexts and requests that are kept for the next time must have let go.
        for (int i = 0; i < 10 && inputs.Any(r => r.IsAlive); i++)
        {
            await Task.Delay(10);
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        inputs.Count(r => r.IsAlive).Should().Be(0);

        [MethodImpl(MethodImplOptions.NoInlining)]
        async Task<WeakReference[]> PredictAsync()
        {
            long[][] examples = [.. Enumerable.Range(0, 100).Select(i => new long[1 + (i % 20)])];
            await Task.WhenAll(examples.Select(e => Task.Run(() => predictor.PredictAsync(e).AsTask())));
            return [.. examples.Select(e => new WeakReference(e))];
        }
    }

    private static async Task<string> CallAsync(IPredictor<long[], Summed> predictor, Random random)
    {
        int kind = random.Next(100);
        long[] ids = new long[1 + random.Next(90)];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = random.Next(1, 600);
        }

        long special = kind switch { < 4 => Unencodable, < 8 => Undecodable, < 10 => Unrunnable, _ => 0 };
        ids[0] = special == 0 ? ids[0] : special;
        using var source = new CancellationTokenSource();
        bool isCancelled = kind is >= 10 and < 25;
        var options = new PredictionOptions
        {
            Priority = (PredictionPriority)random.Next(3),
            Deadline = kind is >= 25 and < 35 ? TimeSpan.FromMicroseconds(random.Next(300)) : null,
        };
        try
        {
            ValueTask<Summed> task = predictor.PredictAsync(ids, options, isCancelled ? source.Token : CancellationToken.None);
            if (isCancelled)
            {
                if (random.Next(2) == 0)
                {
                    await Task.Yield();
                }

                source.Cancel();
            }

            Summed answer = await task;
            special.Should().Be(0, "that one cannot be answered");
            answer.Sum.Should().Be(ids.Sum());
            answer.Echo.Should().Equal(ids.Select(id => (float)id));
            return "answered";
        }
        catch (OperationCanceledException exception) when (isCancelled)
        {
            exception.CancellationToken.Should().Be(source.Token);
            return "cancelled";
        }
        catch (DeadlineExceededException) when (options.Deadline is not null)
        {
            return "too late";
        }
        catch (OverloadedException exception)
        {
            exception.RetryAfter.Should().BePositive();
            return "refused";
        }
        catch (FormatException exception)
        {
            exception.Message.Should().Be(special == Unencodable ? "cannot encode this" : "cannot decode this");
            return special == Unencodable ? "not encoded" : "not decoded";
        }
        catch (InvalidOperationException exception) when (exception.Message == $"cannot run {Unrunnable}")
        {
            special.Should().Be(Unrunnable, "the fault of another is not ours");
            return "not run";
        }
    }
}
