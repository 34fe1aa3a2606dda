using RealtimeInference.Core.Tests.Fakes;
using RealtimeInference.Core.Tests.Pipeline;

namespace RealtimeInference.Core.Tests.Caching;

/// <summary>What the tests of the cache share.</summary>
internal static class CachePipelines
{
    /// <summary>Doubles its input.</summary>
    public static FakeModel Doubler() => FakeModel.Of(static x => x * 2);

    /// <summary>A fake model behind a cache whose key is the input.</summary>
    public static IPredictor<float, float> Cached(
        this FakeModel model, Action<PredictionCacheOptions<float>>? configure = null, PredictorOptions? options = null) =>
        Predictor.For<float>().Model(model).Cache(static x => x, configure).Build(options);

    /// <summary>A fake model behind a cache whose key is the hash of its tensors.</summary>
    public static IPredictor<float, float> TensorCached(
        this FakeModel model, Action<PredictionCacheOptions>? configure = null, Action<BatchingOptions>? batching = null) => Predictor.For<float>()
        .Preprocess(static (x, tensors) => tensors.Get<float>("x")[0] = x)
        .Cache(configure)
        .Run(model, batching ?? (static _ => { }))
        .Postprocess(static (_, tensors) => tensors.Get<float>("y")[0])
        .Build();

    public static PredictionCacheStatistics StatisticsOf<TIn, TOut>(IPredictor<TIn, TOut> predictor) =>
        predictor.GetService(typeof(PredictionCacheStatistics)).Should().BeOfType<PredictionCacheStatistics>().Subject;

    public static ValueTask<TOut> Predict<TIn, TOut>(this IPredictor<TIn, TOut> predictor, TIn input, PredictionPriority priority) =>
        predictor.PredictAsync(input, new PredictionOptions { Priority = priority });

    /// <summary>Waits for something that another thread does in its own time.</summary>
    public static void Await(Func<bool> condition, string what) =>
        SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(30)).Should().BeTrue(what);
}
