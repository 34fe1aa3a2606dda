using Microsoft.Extensions.Caching.Memory;
using RealtimeInference.Core.Tests.Fakes;
using RealtimeInference.Core.Tests.Pipeline;

namespace RealtimeInference.Core.Tests.Caching;

/// <summary>A cache around a predictor: what is known is not run again.</summary>
public sealed class CachedPredictorTests
{
    [Fact]
    public async Task Predict_SameKeyTwice_RunsOnce()
    {
        using FakeModel model = CachePipelines.Doubler();
        IPredictor<float, float> predictor = model.Cached();

        (await predictor.PredictAsync(21)).Should().Be(42);
        (await predictor.PredictAsync(21)).Should().Be(42);

        model.Runs.Should().Be(1);
        PredictionCacheStatistics statistics = CachePipelines.StatisticsOf(predictor);
        (statistics.Hits, statistics.Misses, statistics.Joined, statistics.Stored, statistics.NotStored).Should().Be((1, 1, 0, 1, 0));
    }

    [Fact]
    public async Task Predict_OtherKeys_RunsEach()
    {
        using FakeModel model = CachePipelines.Doubler();
        IPredictor<float, float> predictor = model.Cached();

        foreach (float x in new float[] { 1, 2, 3, 1, 2, 3 })
        {
            (await predictor.PredictAsync(x)).Should().Be(x * 2);
        }

        model.Runs.Should().Be(3);
    }

    [Fact]
    public async Task Predict_KeyIsAPartOfTheInput_DecidesWhatIsTheSame()
    {
        using FakeModel model = CachePipelines.Doubler();
        IPredictor<(int Card, float Amount), float> predictor = Predictor.For<(int Card, float Amount)>()
            .Transform(static x => x.Amount).Model(model).Cache(static x => x.Card).Build();

        (await predictor.PredictAsync((1, 10))).Should().Be(20);
        (await predictor.PredictAsync((1, 11))).Should().Be(20, "the key says that it is the same");
        (await predictor.PredictAsync((2, 11))).Should().Be(22);
    }

    [Fact]
    public async Task Predict_KeyIsNull_IsNotCached()
    {
        using FakeModel model = CachePipelines.Doubler();
        IPredictor<float, float> predictor = Predictor.For<float>().Model(model).Cache(static x => x < 0 ? null : $"{x}").Build();

        foreach (float x in new float[] { -1, -1, 1, 1 })
        {
            (await predictor.PredictAsync(x)).Should().Be(x * 2);
        }

        using PredictionContext context = PredictionContext.Rent();
        (await predictor.PredictAsync(-1, context, CancellationToken.None)).Should().Be(-2);
        context.IsCached.Should().BeFalse();
        model.Runs.Should().Be(4);
    }

    [Fact]
    public async Task Predict_ContextOfTheCaller_SaysWhereTheAnswerCameFrom()
    {
        using FakeModel model = CachePipelines.Doubler();
        model.Version = "7";
        IPredictor<float, float> predictor = model.Cached();
        var id = Guid.NewGuid();

        using (PredictionContext miss = PredictionContext.Rent())
        {
            miss.Id = id;
            await predictor.PredictAsync(1, miss, CancellationToken.None);
            (miss.Id, miss.IsCached, miss.ModelName, miss.ModelVersion).Should().Be((id, false, "fake", "7"));
            Names(miss).Should().Equal(StageNames.Preprocess, StageNames.Run, StageNames.Postprocess);
        }

        using (PredictionContext hit = PredictionContext.Rent())
        {
            await predictor.PredictAsync(1, hit, CancellationToken.None);
            (hit.IsCached, hit.ModelName, hit.ModelVersion).Should().Be((true, "fake", "7"));
            Names(hit).Should().Equal(StageNames.Cache);
        }

        using PredictionContext next = PredictionContext.Rent();
        next.IsCached.Should().BeFalse("a context from the pool is as new");

        static string[] Names(PredictionContext context) => [.. context.Timings.ToArray().Select(static t => t.Stage)];
    }

    [Fact]
    public async Task Predict_Failure_IsNotStored()
    {
        int runs = 0;
        IPredictor<int, int> predictor = Predictor.For<int>()
            .Transform(x => Interlocked.Increment(ref runs) == 1 ? throw new FormatException("once") : x)
            .Cache(static x => x)
            .Build();

        await FluentActions.Awaiting(() => predictor.PredictAsync(1).AsTask()).Should().ThrowExactlyAsync<FormatException>();
        (await predictor.PredictAsync(1)).Should().Be(1);
        (await predictor.PredictAsync(1)).Should().Be(1);

        runs.Should().Be(2);
        CachePipelines.StatisticsOf(predictor).Stored.Should().Be(1);
    }

    [Fact]
    public async Task Predict_KeySelectorThrows_FailsThisRequestOnly()
    {
        using FakeModel model = CachePipelines.Doubler();
        IPredictor<float, float> predictor = Predictor.For<float>().Model(model).Cache(static x => x < 0 ? throw new FormatException("no key") : x).Build();

        ValueTask<float> failed = predictor.PredictAsync(-1);
        failed.IsFaulted.Should().BeTrue("errors come out when the task is awaited");
        await FluentActions.Awaiting(() => failed.AsTask()).Should().ThrowExactlyAsync<FormatException>();
        (await predictor.PredictAsync(1)).Should().Be(2);
    }

    [Fact]
    public async Task Predict_KeyThatCannotBeCompared_FailsAndLeavesNothingBehind()
    {
        using FakeModel model = CachePipelines.Doubler();
        IPredictor<float, float> predictor = Predictor.For<float>().Model(model).Cache(static x => new BadKey(x)).Build();
        await predictor.PredictAsync(1);

        await FluentActions.Awaiting(() => predictor.PredictAsync(1).AsTask()).Should().ThrowExactlyAsync<FormatException>();
        (await predictor.PredictAsync(2)).Should().Be(4);
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
            .Model(model)
            .Cache(static x => x)
            .Build();

        using (PredictionContext context = PredictionContext.Rent())
        {
            await predictor.PredictAsync(1, context, CancellationToken.None);
            (context.HasDefaultedFeatures, context.IsCached).Should().Be((true, false));
        }

        isDown = false;
        using (PredictionContext context = PredictionContext.Rent())
        {
            await predictor.PredictAsync(1, context, CancellationToken.None);
            (context.HasDefaultedFeatures, context.IsCached).Should().Be((false, false), "nothing was stored the first time");
        }

        await predictor.PredictAsync(1);
        model.Runs.Should().Be(2);
        (CachePipelines.StatisticsOf(predictor).NotStored, CachePipelines.StatisticsOf(predictor).Stored).Should().Be((1, 1));
    }

    [Fact]
    public async Task Predict_TokenIsCancelled_IsCancelledThoughItIsKnown()
    {
        using FakeModel model = CachePipelines.Doubler();
        IPredictor<float, float> predictor = model.Cached();
        await predictor.PredictAsync(1);

        await FluentActions.Awaiting(() => predictor.PredictAsync(1, new CancellationToken(true)).AsTask()).Should().ThrowAsync<OperationCanceledException>();
        using PredictionContext context = PredictionContext.Rent();
        await FluentActions.Awaiting(() => predictor.PredictAsync(1, context, new CancellationToken(true)).AsTask()).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task Build_TwicePerBuilder_EachHasEntriesOfItsOwn()
    {
        using FakeModel model = CachePipelines.Doubler();
        using var memory = new MemoryCache(new MemoryCacheOptions { SizeLimit = 10 });
        DecoratedBuilder<float, float> builder = Predictor.For<float>().Model(model).Cache(static x => x, o => o.MemoryCache = memory);
        IPredictor<float, float> first = builder.Build();
        IPredictor<float, float> second = builder.Build();

        await first.PredictAsync(1);
        await second.PredictAsync(1);
        await first.PredictAsync(1);

        model.Runs.Should().Be(2);
        memory.Count.Should().Be(2, "the host's cache is the one that is used");
    }

    [Fact]
    public async Task Cache_InsideAnotherDecorator_IsAskedInItsTurn()
    {
        using FakeModel model = CachePipelines.Doubler();
        IPredictor<float, float> predictor = Predictor.For<float>().Model(model)
            .LimitConcurrency(static o => (o.InitialLimit, o.MaxLimit) = (1, 1))
            .Cache(static x => x)
            .Build();
        await predictor.PredictAsync(1);
        model.Gate = new TaskCompletionSource();
        Task<float> running = predictor.PredictAsync(2).AsTask();

        await FluentActions.Awaiting(() => predictor.PredictAsync(1).AsTask()).Should().ThrowAsync<OverloadedException>("the limit was added first, so it is outermost");
        model.Gate.SetResult();
        await running;
        (await predictor.PredictAsync(1)).Should().Be(2);
        predictor.GetService(typeof(IModel)).Should().BeSameAs(model);
        predictor.GetService(typeof(ConcurrencyLimit)).Should().NotBeNull();
        CachePipelines.StatisticsOf(predictor).Hits.Should().Be(1);
    }

    private sealed record BadKey(float Value)
    {
        // Equal hashes have it compared; it compares badly with an equal one only.
        public bool Equals(BadKey? other) => Value == other?.Value ? throw new FormatException("cannot compare") : false;

        public override int GetHashCode() => 1;
    }
}
