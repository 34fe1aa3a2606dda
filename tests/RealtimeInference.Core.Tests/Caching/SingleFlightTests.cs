using Microsoft.Extensions.Time.Testing;
using RealtimeInference.Core.Tests.Fakes;

namespace RealtimeInference.Core.Tests.Caching;

/// <summary>Identical requests that meet share a run, and none of them suffers from what becomes of another.</summary>
public sealed class SingleFlightTests
{
    private const int Callers = 64;
    private readonly FakeTimeProvider _clock = new();

    public static TheoryData<bool> Forms => [false, true];

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Predict_ManyIdenticalWhileOneRuns_RunTheModelOnce(bool byTensors)
    {
        using FakeModel model = Held();
        IPredictor<float, float> predictor = byTensors ? model.TensorCached() : model.Cached();

        Task<float>[] tasks = [.. Enumerable.Range(0, Callers).Select(_ => predictor.PredictAsync(21).AsTask())];
        tasks.Should().NotContain(static t => t.IsCompleted);
        model.Gate!.SetResult();

        (await Task.WhenAll(tasks)).Should().AllBeEquivalentTo(42f);
        PredictionCacheStatistics statistics = CachePipelines.StatisticsOf(predictor);
        (model.Runs, statistics.Misses, statistics.Joined, statistics.Stored).Should().Be((1, 1, Callers - 1, 1));
        model.Returned.Should().Be(model.Rented);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Predict_ManyThreadsAndARealModel_RunOncePerKey(bool byTensors)
    {
        const int Keys = 30;
        using OnnxModel model = Testing.TestModels.Load("mlp_30_64_32_1.onnx");
        int runs = 0;
        EncodedBuilder<float, float> encoded = Predictor.For<float>().Preprocess(static (x, inputs) => inputs.Get<float>("features").Fill(x / Keys));
        float Decode(float x, OutputTensors outputs)
        {
            Interlocked.Increment(ref runs);
            return outputs.Get<float>("score")[0];
        }

        IPredictor<float, float> predictor = byTensors
            ? encoded.Cache().Run(model).Postprocess(Decode).Build()
            : encoded.Run(model).Postprocess(Decode).Cache(static x => x).Build();
        IPredictor<float, float> plain = encoded.Run(model).Postprocess(static (_, outputs) => outputs.Get<float>("score")[0]).Build();
        var answers = new float[Callers, Keys];
        using var barrier = new Barrier(Callers);
        Thread[] threads = [.. Enumerable.Range(0, Callers).Select(caller => new Thread(() =>
        {
            for (int key = 0; key < Keys; key++)
            {
                barrier.SignalAndWait();
                answers[caller, key] = predictor.PredictAsync(key).AsTask().GetAwaiter().GetResult();
            }
        }))];
        Array.ForEach(threads, static t => t.Start());
        Array.ForEach(threads, static t => t.Join());

        runs.Should().Be(Keys);
        for (int key = 0; key < Keys; key++)
        {
            float expected = await plain.PredictAsync(key);
            Enumerable.Range(0, Callers).Select(c => answers[c, key]).Should().OnlyContain(a => Math.Abs(a - expected) < 1e-6f);
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Predict_LeaderCancels_ItsWaitEndsAndTheFollowersGetTheRun(bool byTensors)
    {
        using FakeModel model = Held();
        IPredictor<float, float> predictor = byTensors ? model.TensorCached() : model.Cached();
        using var source = new CancellationTokenSource();
        Task<float> leader = predictor.PredictAsync(1, source.Token).AsTask();
        Task<float> follower = predictor.PredictAsync(1).AsTask();

        await source.CancelAsync();
        (await FluentActions.Awaiting(() => leader).Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(source.Token);
        follower.IsCompleted.Should().BeFalse("the run goes on");
        model.Gate!.SetResult();

        (await follower).Should().Be(2);
        (await predictor.PredictAsync(1)).Should().Be(2);
        model.Runs.Should().Be(1);
    }

    [Fact]
    public async Task Predict_FollowerCancels_TheOthersGoOn()
    {
        using FakeModel model = Held();
        IPredictor<float, float> predictor = model.Cached();
        using var source = new CancellationTokenSource();
        Task<float> leader = predictor.PredictAsync(1).AsTask();
        Task<float> leaves = predictor.PredictAsync(1, source.Token).AsTask();
        Task<float> stays = predictor.PredictAsync(1).AsTask();

        await source.CancelAsync();
        (await FluentActions.Awaiting(() => leaves).Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(source.Token);
        model.Gate!.SetResult();

        (await Task.WhenAll(leader, stays)).Should().Equal(2, 2);
        model.Runs.Should().Be(1);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Predict_AllCancel_TheRunIsCancelledAndTheNextRunsAnew(bool byTensors)
    {
        using FakeModel model = Held();
        IPredictor<float, float> predictor = byTensors ? model.TensorCached() : model.Cached();
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        Task<float> leader = predictor.PredictAsync(1, first.Token).AsTask();
        Task<float> follower = predictor.PredictAsync(1, second.Token).AsTask();

        await first.CancelAsync();
        model.Returned.Should().Be(0, "one still waits");
        await second.CancelAsync();
        await FluentActions.Awaiting(() => leader).Should().ThrowAsync<OperationCanceledException>();
        await FluentActions.Awaiting(() => follower).Should().ThrowAsync<OperationCanceledException>();
        CachePipelines.Await(() => model.Returned == 1, "the run ended, although its gate is shut");

        model.Gate!.SetResult();
        (await predictor.PredictAsync(1)).Should().Be(2);
        model.Runs.Should().Be(2);
    }

    [Fact]
    public async Task Predict_LeaderIsSynchronousAndCancels_GetsItsOwnToken()
    {
        using var source = new CancellationTokenSource();
        IPredictor<int, int> predictor = Predictor.For<int>()
            .TransformAsync((x, _, token) =>
            {
                source.Cancel();
                token.ThrowIfCancellationRequested();
                return ValueTask.FromResult(x);
            })
            .Cache(static x => x)
            .Build();

        (await FluentActions.Awaiting(() => predictor.PredictAsync(1, source.Token).AsTask()).Should().ThrowAsync<OperationCanceledException>())
            .Which.CancellationToken.Should().Be(source.Token);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Predict_RunFails_FailsAllWhoWaitedAndIsNotStored(bool byTensors)
    {
        int runs = 0;
        using FakeModel model = FakeModel.Of(x => Interlocked.Increment(ref runs) <= 2 ? throw new FormatException("bad run") : x);
        model.Gate = new TaskCompletionSource();
        IPredictor<float, float> predictor = byTensors ? model.TensorCached() : model.Cached();
        Task<float>[] tasks = [.. Enumerable.Range(0, 8).Select(_ => predictor.PredictAsync(1).AsTask())];
        model.Gate.SetException(new FormatException("bad run"));

        foreach (Task<float> task in tasks)
        {
            await FluentActions.Awaiting(() => task).Should().ThrowExactlyAsync<FormatException>();
        }

        model.Gate = null;
        await FluentActions.Awaiting(() => predictor.PredictAsync(1).AsTask()).Should().ThrowAsync<FormatException>("it is tried again, and not remembered");
        runs = 2;
        (await predictor.PredictAsync(1)).Should().Be(1);
        CachePipelines.StatisticsOf(predictor).Stored.Should().Be(1);
    }

    [Fact]
    public async Task Predict_FollowerHasLessTime_TimesOutAlone()
    {
        using FakeModel model = Held();
        IPredictor<float, float> predictor = model.Cached(options: new PredictorOptions { TimeProvider = _clock });
        Task<float> leader = predictor.PredictAsync(1).AsTask();
        Task<float> hurried = predictor.PredictAsync(1, new PredictionOptions { Deadline = TimeSpan.FromSeconds(1) }).AsTask();
        Task<float> patient = predictor.PredictAsync(1, new PredictionOptions { Deadline = TimeSpan.FromSeconds(9) }).AsTask();

        _clock.Advance(TimeSpan.FromSeconds(2));
        (await FluentActions.Awaiting(() => hurried).Should().ThrowExactlyAsync<DeadlineExceededException>()).Which.Overdue.Should().Be(TimeSpan.FromSeconds(1));
        model.Gate!.SetResult();

        (await Task.WhenAll(leader, patient)).Should().Equal(2, 2);
        model.Runs.Should().Be(1);
    }

    [Fact]
    public async Task Predict_LeaderHasLessTime_AFollowerTakesOver()
    {
        int runs = 0;
        var gates = new[] { new TaskCompletionSource(), new TaskCompletionSource() };
        IPredictor<float, float> predictor = Predictor.For<float>()
            .TransformAsync(async (x, context, _) =>
            {
                await gates[Interlocked.Increment(ref runs) - 1].Task;
                context.ThrowIfExpired();
                return x * 2;
            })
            .Cache(static x => x)
            .Build(new PredictorOptions { TimeProvider = _clock });
        Task<float> leader = predictor.PredictAsync(1, new PredictionOptions { Deadline = TimeSpan.FromSeconds(1) }).AsTask();
        Task<float>[] followers = [.. Enumerable.Range(0, 5).Select(_ => predictor.PredictAsync(1).AsTask())];

        _clock.Advance(TimeSpan.FromSeconds(2));
        gates[0].SetResult();
        await FluentActions.Awaiting(() => leader).Should().ThrowExactlyAsync<DeadlineExceededException>();
        CachePipelines.Await(() => Volatile.Read(ref runs) == 2, "one of the followers leads a run of its own");
        gates[1].SetResult();

        (await Task.WhenAll(followers)).Should().AllBeEquivalentTo(2f);
        runs.Should().Be(2, "the others follow that one");
    }

    [Fact]
    public async Task Predict_LeaderIsLessUrgent_IsNotWaitedFor()
    {
        var gates = new[] { new TaskCompletionSource(), new TaskCompletionSource() };
        int runs = 0;
        var priorities = new List<PredictionPriority>();
        IPredictor<int, int> predictor = Predictor.For<int>()
            .TransformAsync(async (x, context, _) =>
            {
                priorities.Add(context.Priority);
                await gates[Interlocked.Increment(ref runs) - 1].Task;
                return x;
            })
            .Cache(static x => x)
            .Build();
        Task<int> bulk = predictor.Predict(1, PredictionPriority.Bulk).AsTask();
        Task<int> urgent = predictor.Predict(1, PredictionPriority.Interactive).AsTask();
        Task<int> bulkAgain = predictor.Predict(1, PredictionPriority.Bulk).AsTask();

        priorities.Should().Equal(PredictionPriority.Bulk, PredictionPriority.Interactive);
        gates[1].SetResult();
        (await Task.WhenAll(urgent, bulkAgain)).Should().Equal(1, 1);
        bulk.IsCompleted.Should().BeFalse();
        gates[0].SetResult();
        (await bulk).Should().Be(1);
    }

    [Fact]
    public async Task Predict_Contexts_SayWhoRanAndWhoWaited()
    {
        using FakeModel model = Held();
        model.Version = "7";
        IPredictor<float, float> predictor = Predictor.For<float>()
            .Transform(static (x, context) =>
            {
                context.HasDefaultedFeatures = true;
                return x;
            })
            .Preprocess(static (x, tensors) => tensors.Get<float>("x")[0] = x)
            .Run(model)
            .Postprocess(static (_, tensors) => tensors.Get<float>("y")[0])
            .Cache(static x => x)
            .Build();
        using PredictionContext first = PredictionContext.Rent();
        using PredictionContext second = PredictionContext.Rent();
        Task<float> leader = predictor.PredictAsync(1, first, CancellationToken.None).AsTask();
        Task<float> follower = predictor.PredictAsync(1, second, CancellationToken.None).AsTask();
        model.Gate!.SetResult();
        await Task.WhenAll(leader, follower);

        (first.IsCached, first.ModelVersion, first.HasDefaultedFeatures).Should().Be((false, "7", true));
        first.Timings.ToArray().Select(static t => t.Stage).Should()
            .Equal(StageNames.Transform, StageNames.Preprocess, StageNames.Run, StageNames.Postprocess);
        (second.IsCached, second.ModelVersion, second.HasDefaultedFeatures).Should().Be((true, "7", true), "what it was given rests on defaults too");
        second.Timings.ToArray().Select(static t => t.Stage).Should().Equal(StageNames.Cache);
    }

    private static FakeModel Held()
    {
        FakeModel model = CachePipelines.Doubler();
        model.Gate = new TaskCompletionSource();
        return model;
    }
}
