using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using RealtimeInference.Core.Tests.Fakes;
using RealtimeInference.Core.Tests.Testing;

namespace RealtimeInference.Core.Tests.Caching;

/// <summary>Hosts that share a store: each a HybridCache of its own, as it is shipped, over the same distributed cache.</summary>
public sealed class SecondLevelTests : IDisposable
{
    private readonly SharedStore _store = new();
    private readonly List<ServiceProvider> _hosts = [];

    public void Dispose() => _hosts.ForEach(static h => h.Dispose());

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Predict_OtherHostHasRunIt_IsNotRunAgain(bool byTensors)
    {
        using FakeModel first = CachePipelines.Doubler();
        using FakeModel second = CachePipelines.Doubler();
        (first.Version, second.Version) = ("1", "1");
        IPredictor<float, float> one = Build(first, byTensors);
        IPredictor<float, float> two = Build(second, byTensors);

        (await one.PredictAsync(21)).Should().Be(42);
        _store.AwaitWrites(1);
        using PredictionContext context = PredictionContext.Rent();
        (await two.PredictAsync(21, context, CancellationToken.None)).Should().Be(42);

        second.Runs.Should().Be(0);
        (context.IsCached, context.ModelName, context.ModelVersion).Should().Be((true, "fake", "1"));
        CachePipelines.StatisticsOf(two).SecondLevelHits.Should().Be(1);
        int reads = _store.Reads;
        (await two.PredictAsync(21)).Should().Be(42);
        (_store.Reads, _store.Writes).Should().Be((reads, 1), "it is in this host's memory now, and was not written again");
    }

    [Fact]
    public async Task Predict_Keys_HoldNameModelVersionAndKey()
    {
        using FakeModel model = CachePipelines.Doubler();
        model.Version = "1/beta";
        await Build(model, byTensors: false).PredictAsync(21);
        _store.AwaitWrites(1);
        await Build(model, byTensors: true).PredictAsync(21);
        _store.AwaitWrites(2);

        _store.Keys.Should().HaveCount(2).And.Contain("doubler/fake@1%2Fbeta/21");
        _store.Keys.Should().ContainSingle(static k => k.Length == "doubler/fake@1%2Fbeta/".Length + 32);
    }

    [Fact]
    public async Task Predict_OtherVersion_IsRun()
    {
        using FakeModel first = CachePipelines.Doubler();
        using FakeModel second = FakeModel.Of(static x => x * 3);
        (first.Version, second.Version) = ("1", "2");
        await Build(first).PredictAsync(1);
        _store.AwaitWrites(1);

        (await Build(second).PredictAsync(1)).Should().Be(3);
    }

    [Fact]
    public async Task Predict_TextsAndNulls_AreToldFromNothing()
    {
        int runs = 0;
        IPredictor<string, string?> Create() => Predictor.For<string>()
            .Transform(x =>
            {
                runs++;
                return x.Length == 0 ? null : x.ToUpperInvariant();
            })
            .Cache(static x => x, o => (o.SecondLevel, o.Name) = (CreateHost(), "upper"))
            .Build();

        (await Create().PredictAsync("a")).Should().Be("A");
        _store.AwaitWrites(1);
        (await Create().PredictAsync("a")).Should().Be("A");
        runs.Should().Be(1);
        (await Create().PredictAsync("")).Should().BeNull();
        (await Create().PredictAsync("")).Should().BeNull();
        runs.Should().Be(3, "null is kept in memory only");
    }

    [Fact]
    public async Task Predict_DefaultedFeaturesAndFailures_AreNotShared()
    {
        IPredictor<int, int> predictor = Predictor.For<int>()
            .Transform(static (x, context) =>
            {
                context.HasDefaultedFeatures = x == 1;
                return x == 2 ? throw new FormatException() : x;
            })
            .Cache(static x => x, o => (o.SecondLevel, o.Name) = (CreateHost(), "n"))
            .Build();

        await predictor.PredictAsync(1);
        await FluentActions.Awaiting(() => predictor.PredictAsync(2).AsTask()).Should().ThrowAsync<FormatException>();
        await predictor.PredictAsync(3);
        _store.AwaitWrites(1);
        _store.Keys.Should().Equal("n/3");
    }

    [Fact]
    public async Task Predict_StoreFails_IsRunAllTheSame()
    {
        using FakeModel model = CachePipelines.Doubler();
        IPredictor<float, float> predictor = Build(model);
        _store.Fault = new InvalidOperationException("the store is down");

        (await predictor.PredictAsync(1)).Should().Be(2);
        (await predictor.PredictAsync(1)).Should().Be(2);
        model.Runs.Should().Be(1, "memory goes on to work");
        _store.Fault = null;
        (await predictor.PredictAsync(2)).Should().Be(4);
        _store.AwaitWrites(1);
    }

    [Fact]
    public async Task Predict_StoreHoldsRubbish_IsRunAllTheSame()
    {
        using FakeModel model = CachePipelines.Doubler();
        model.Version = "1";
        await Build(model).PredictAsync(1);
        _store.AwaitWrites(1);
        _store.Set(_store.Keys.Single(), [1, 2, 3], new DistributedCacheEntryOptions());

        (await Build(model).PredictAsync(1)).Should().Be(2);
        model.Runs.Should().Be(2);
    }

    [Fact]
    public async Task Predict_CacheThrows_IsCountedAndLoggedOnce()
    {
        using FakeModel model = CachePipelines.Doubler();
        var broken = new BrokenCache();
        using var log = new CollectingLoggerFactory();
        IPredictor<float, float> predictor = model.Cached(o => (o.SecondLevel, o.Name, o.SecondLevelKey, o.LoggerFactory) = (broken, "n", static x => $"{x}", log));

        for (int i = 0; i < 3; i++)
        {
            (await predictor.PredictAsync(i)).Should().Be(i * 2);
        }

        PredictionCacheStatistics statistics = CachePipelines.StatisticsOf(predictor);
        CachePipelines.Await(() => statistics.SecondLevelFaults == 6, "three reads and three writes failed");
        log.Entries.Should().ContainSingle().Which.Should().Match<(string, LogLevel Level, string Message)>(
            static e => e.Level == LogLevel.Warning && e.Message.Contains("broken") && e.Message.Contains("'n'"));

        broken.IsWell = true;
        await predictor.PredictAsync(4);
        log.Entries.Should().HaveCount(2).And.Contain(static e => e.Level == LogLevel.Information);
    }

    [Fact]
    public async Task Predict_StoreIsSlow_CostsItsBudgetAndNoMore()
    {
        var clock = new FakeTimeProvider();
        using FakeModel model = CachePipelines.Doubler();
        IPredictor<float, float> predictor = Build(model, options: new PredictorOptions { TimeProvider = clock });
        _store.Gate = new TaskCompletionSource();

        Task<float> task = predictor.PredictAsync(1).AsTask();
        CachePipelines.Await(() => _store.Reads > 0, "the store is asked first");
        clock.Advance(TimeSpan.FromMilliseconds(19));
        (task.IsCompleted, model.Runs).Should().Be((false, 0));
        clock.Advance(TimeSpan.FromMilliseconds(1));

        (await task).Should().Be(2);
        CachePipelines.StatisticsOf(predictor).SecondLevelFaults.Should().Be(1);
        _store.Gate.SetResult();
    }

    [Fact]
    public async Task Predict_TwoPredictorsFindNothingAtOnce_NeitherTakesThatForAPrediction()
    {
        using FakeModel model = CachePipelines.Doubler();
        HybridCache host = CreateHost();
        IPredictor<float, float> one = Build(model, host: host);
        IPredictor<float, float> two = Build(model, host: host);
        _store.Gate = new TaskCompletionSource();
        Task<float>[] tasks = [one.PredictAsync(1).AsTask(), two.PredictAsync(1).AsTask()];
        _store.Gate.SetResult();

        (await Task.WhenAll(tasks)).Should().Equal(2, 2);
    }

    [Fact]
    public async Task Predict_ManyIdentical_ReadTheStoreOnce()
    {
        using FakeModel model = CachePipelines.Doubler();
        IPredictor<float, float> predictor = Build(model, byTensors: true);
        await predictor.PredictAsync(7);
        int reads = _store.Reads;
        _store.Gate = new TaskCompletionSource();
        using var source = new CancellationTokenSource();
        Task<float> leader = predictor.PredictAsync(1, source.Token).AsTask();
        Task<float>[] followers = [.. Enumerable.Range(0, 63).Select(_ => predictor.PredictAsync(1).AsTask())];

        // The leader's tensors are needed although it has left, and others encode meanwhile.
        await source.CancelAsync();
        await FluentActions.Awaiting(() => leader).Should().ThrowAsync<OperationCanceledException>();
        (await predictor.PredictAsync(7)).Should().Be(14);
        _store.Gate.SetResult();

        (await Task.WhenAll(followers)).Should().AllBeEquivalentTo(2f);
        (model.Runs, _store.Reads - reads).Should().Be((2, 1));
    }

    private IPredictor<float, float> Build(FakeModel model, bool byTensors = false, PredictorOptions? options = null, HybridCache? host = null)
    {
        host ??= CreateHost();
        void Configure(PredictionCacheOptions o)
        {
            (o.SecondLevel, o.Name) = (host, "doubler");

            // A busy machine must not be taken for a slow store.
            o.SecondLevelTimeout = options is null ? TimeSpan.FromMinutes(1) : o.SecondLevelTimeout;
        }

        return byTensors ? model.TensorCached(Configure) : model.Cached(
            o =>
            {
                Configure(o);
                o.SecondLevelKey = static x => $"{x}";
            },
            options);
    }

    private HybridCache CreateHost()
    {
        var services = new ServiceCollection();
        services.AddHybridCache();
        services.AddSingleton<IDistributedCache>(_store);
        _hosts.Add(services.BuildServiceProvider());
        return _hosts[^1].GetRequiredService<HybridCache>();
    }

    private sealed class BrokenCache : HybridCache
    {
        public bool IsWell { get; set; }

        public override ValueTask<T> GetOrCreateAsync<TState, T>(
            string key,
            TState state,
            Func<TState, CancellationToken, ValueTask<T>> factory,
            HybridCacheEntryOptions? options = null,
            IEnumerable<string>? tags = null,
            CancellationToken cancellationToken = default) =>
            IsWell ? factory(state, cancellationToken) : throw new InvalidOperationException("broken");

        public override ValueTask SetAsync<T>(
            string key, T value, HybridCacheEntryOptions? options = null, IEnumerable<string>? tags = null, CancellationToken cancellationToken = default) =>
            IsWell ? ValueTask.CompletedTask : throw new InvalidOperationException("broken");

        public override ValueTask RemoveAsync(string key, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public override ValueTask RemoveByTagAsync(string tag, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }
}
