using System.Collections.Concurrent;

namespace RealtimeInference.Benchmarks.Ratios;

/// <summary>A lookup of one row of 30 features in a pipeline, against a dictionary that is read by hand.</summary>
internal sealed class FeaturesGroup : IRatioGroup
{
    private const int Cards = 10_000;

    private static readonly FeatureField<float>[] s_fields = [.. Enumerable.Range(0, 30).Select(static i => new FeatureField<float>($"f{i}", 0))];
    private static readonly FeatureView s_view = new("card", "card", s_fields, TimeSpan.FromDays(1));

    public string Name => "features";

    public IEnumerable<Comparison> Run()
    {
        var dictionary = new ConcurrentDictionary<string, float[]>();
        var store = new InMemoryFeatureStore();
        string[] keys = [.. Enumerable.Range(0, Cards).Select(static i => $"card-{i:00000}")];
        for (int i = 0; i < Cards; i++)
        {
            dictionary[keys[i]] = [.. Enumerable.Range(0, s_fields.Length).Select(f => (float)(i + f))];
            using FeatureRow row = FeatureRow.Rent(s_view, keys[i]);
            for (int f = 0; f < s_fields.Length; f++)
            {
                row.Set(s_fields[f], i + f);
            }

            row.CompleteFound(TimeProvider.System.GetUtcNow());
            store.WriteAsync(new[] { row }).AsTask().GetAwaiter().GetResult();
        }

        IPredictor<string, float> empty = Predictor.For<string>().Transform(key => Sum(dictionary[key])).Build();
        IPredictor<string, float> memory = Build(store);
        IPredictor<string, float> near = Build(store.WithNearCache(new NearFeatureCacheOptions { TimeToLive = TimeSpan.FromHours(1) }));
        Action<int> baseline = Loop(empty, keys);
        foreach ((string name, IPredictor<string, float> predictor) in new[] { ("in memory", memory), ("near cache hit", near) })
        {
            if (keys.Any(key => predictor.PredictAsync(key).AsTask().Result != empty.PredictAsync(key).AsTask().Result))
            {
                throw new InvalidOperationException($"The lookup {name} answers otherwise than the dictionary.");
            }

            (double ours, double theirs, double ratio) = PairedTimer.Measure(Loop(predictor, keys), baseline);
            yield return new Comparison($"pipeline with a lookup {name}, 30 features, vs one that reads a ConcurrentDictionary", ours, theirs, ratio, "none", true);
            double bytes = PairedTimer.CountBytes(Loop(predictor, keys));
            yield return new Comparison($"lookup {name}, bytes per prediction", bytes, PairedTimer.CountBytes(baseline), bytes, "0 bytes", bytes == 0);
        }
    }

    private static IPredictor<string, float> Build(IFeatureStore store) => Predictor.For<string>()
        .LookupFeatures(store, s_view, static key => key, static (_, card) =>
        {
            float sum = 0;
            foreach (FeatureField<float> field in s_fields)
            {
                sum += card.Get(field);
            }

            return sum;
        }).Build();

    private static float Sum(float[] values)
    {
        float sum = 0;
        foreach (float value in values)
        {
            sum += value;
        }

        return sum;
    }

    private static Action<int> Loop(IPredictor<string, float> predictor, string[] keys)
    {
        int next = 0;
        return count =>
        {
            for (int i = 0; i < count; i++)
            {
                next = next + 1 < keys.Length ? next + 1 : 0;
                ValueTask<float> task = predictor.PredictAsync(keys[next]);
                if (!task.IsCompletedSuccessfully)
                {
                    throw new InvalidOperationException("The prediction did not complete at once.");
                }

                _ = task.Result;
            }
        };
    }
}
