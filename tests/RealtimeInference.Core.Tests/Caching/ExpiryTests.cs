using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Time.Testing;
using RealtimeInference.Core.Tests.Fakes;

namespace RealtimeInference.Core.Tests.Caching;

/// <summary>How long predictions are kept, and how many.</summary>
public sealed class ExpiryTests
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);
    private readonly FakeTimeProvider _clock = new();

    [Theory]
    [InlineData(0, 60)]
    [InlineData(0.5, 54)]
    [InlineData(0.999999, 48)]
    public async Task Predict_TimePasses_ExpiresWhenTheJitterSays(double chance, int seconds)
    {
        using FakeModel model = CachePipelines.Doubler();
        IPredictor<float, float> predictor = model.Cached(
            o => (o.TimeToLive, o.Jitter, o.NextDouble) = (s_minute, 0.2, () => chance), new PredictorOptions { TimeProvider = _clock });
        await predictor.PredictAsync(1);

        _clock.Advance(TimeSpan.FromSeconds(seconds - 1));
        await predictor.PredictAsync(1);
        model.Runs.Should().Be(1);

        _clock.Advance(TimeSpan.FromSeconds(1.1));
        await predictor.PredictAsync(1);
        model.Runs.Should().Be(2);
    }

    [Fact]
    public async Task Predict_ManyAtOnce_ExpireSpreadOverTheJitter()
    {
        using FakeModel model = CachePipelines.Doubler();
        var random = new Random(1);
        IPredictor<float, float> predictor = model.Cached(
            o => (o.TimeToLive, o.Jitter, o.NextDouble) = (s_minute, 0.5, random.NextDouble), new PredictorOptions { TimeProvider = _clock });
        const int Count = 400;
        for (int i = 0; i < Count; i++)
        {
            await predictor.PredictAsync(i);
        }

        // Each is asked for once, so that none is stored anew in between: a quarter of them for each quarter of the jitter.
        int before = 0;
        for (int quarter = 0; quarter <= 4; quarter++)
        {
            int runs = model.Runs;
            for (int i = quarter * Count / 5; i < (quarter + 1) * Count / 5; i++)
            {
                await predictor.PredictAsync(i);
            }

            int expired = model.Runs - runs;
            expired.Should().BeInRange(Count / 5 * quarter / 4 * 2 / 3, Math.Min(Count / 5, (Count / 5 * quarter / 4 * 4 / 3) + 1));
            expired.Should().BeGreaterThanOrEqualTo(before);
            before = expired;
            _clock.Advance(quarter == 0 ? TimeSpan.FromSeconds(37.5) : TimeSpan.FromSeconds(7.5));
        }

        before.Should().Be(Count / 5, "the time to live is the most");
    }

    [Fact]
    public async Task Predict_OptionsNameAClock_ItDecides()
    {
        using FakeModel model = CachePipelines.Doubler();
        IPredictor<float, float> predictor = model.TensorCached(o => (o.TimeToLive, o.TimeProvider) = (s_minute, _clock));

        await predictor.PredictAsync(1);
        _clock.Advance(TimeSpan.FromSeconds(50));
        await predictor.PredictAsync(1);
        model.Runs.Should().Be(1);
        _clock.Advance(TimeSpan.FromSeconds(11));
        await predictor.PredictAsync(1);
        model.Runs.Should().Be(2);
    }

    [Fact]
    public async Task Predict_MoreThanTheLimit_IsEvicted()
    {
        using FakeModel model = CachePipelines.Doubler();
        IPredictor<float, float> predictor = model.Cached(static o => o.SizeLimit = 100);
        for (int i = 0; i < 500; i++)
        {
            await predictor.PredictAsync(i);
        }

        PredictionCacheStatistics statistics = CachePipelines.StatisticsOf(predictor);
        CachePipelines.Await(() => statistics.Evicted >= 400, "what goes beyond the limit leaves, or does not come in");
        statistics.Misses.Should().Be(500);

        // No more than the limit can be known.
        int runs = model.Runs;
        for (int i = 499; i >= 0; i--)
        {
            (await predictor.PredictAsync(i)).Should().Be(i * 2);
        }

        (model.Runs - runs).Should().BeGreaterThanOrEqualTo(400);
    }

    [Fact]
    public async Task Predict_SizesOfTheUser_Count()
    {
        using FakeModel model = CachePipelines.Doubler();
        using var memory = new MemoryCache(new MemoryCacheOptions { SizeLimit = 100, TrackStatistics = true });
        IPredictor<float, float> predictor = model.Cached(o => (o.MemoryCache, o.GetSize) = (memory, static value => (long)(float)value!));

        await predictor.PredictAsync(10);
        await predictor.PredictAsync(20);
        memory.GetCurrentStatistics()!.CurrentEstimatedSize.Should().Be(60);
        await predictor.PredictAsync(30);
        await predictor.PredictAsync(30);

        model.Runs.Should().Be(4, "60 more have no room");
        CachePipelines.Await(() => CachePipelines.StatisticsOf(predictor).Evicted >= 1, "the refusal is counted");
    }

    [Fact]
    public async Task Predict_SizeCannotBeTold_StillAnswers()
    {
        using FakeModel model = CachePipelines.Doubler();
        IPredictor<float, float> predictor = model.Cached(static o => o.GetSize = static _ => throw new FormatException("no size"));

        (await predictor.PredictAsync(1)).Should().Be(2);
        (await predictor.PredictAsync(1)).Should().Be(2);

        CachePipelines.StatisticsOf(predictor).NotStored.Should().Be(2);
    }

    [Fact]
    public async Task Predict_CacheOfTheHostIsGone_StillAnswersOrSaysSo()
    {
        using FakeModel model = CachePipelines.Doubler();
        var memory = new MemoryCache(new MemoryCacheOptions());
        IPredictor<float, float> predictor = model.Cached(o => o.MemoryCache = memory);
        memory.Dispose();

        await FluentActions.Awaiting(() => predictor.PredictAsync(1).AsTask()).Should().ThrowExactlyAsync<ObjectDisposedException>();
    }
}
