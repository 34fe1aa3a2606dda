using Microsoft.Extensions.Caching.Memory;
using RealtimeInference.Benchmarks.SmallNetwork;

namespace RealtimeInference.Benchmarks.Ratios;

/// <summary>What a cached prediction costs: against the memory cache alone, and against the run that it saves.</summary>
internal sealed class CacheGroup : IRatioGroup
{
    private const double Bar = 2.5;

    public string Name => "cache";

    public IEnumerable<Comparison> Run()
    {
        using OnnxModel model = Network.Load();
        using var bare = new MemoryCache(new MemoryCacheOptions { SizeLimit = 10_000 });
        Transaction[] inputs = [.. Enumerable.Range(0, 256).Select(Transaction.Create)];

        // The same content on both sides: what is asked for is found.
        foreach ((string name, Action<int> ours, Action<int> baseline) in new[]
        {
            ("key of type long", Loop(Keyed<long>(model), Numbers()), Bare(bare, [.. Numbers().Select(static k => (object)k)])),
            ("key of type string", Loop(Keyed<string>(model), Texts()), Bare(bare, [.. Texts()])),
            ("key a record struct of 24 bytes", Loop(Keyed<Card>(model), Cards()), Bare(bare, [.. Cards().Select(static k => (object)k)])),
        })
        {
            (double a, double b, double ratio) = PairedTimer.Measure(ours, baseline);
            yield return new Comparison($"hit, {name}, vs IMemoryCache.TryGetValue", a, b, ratio, "at most 2.50", ratio <= Bar);
            double bytes = PairedTimer.CountBytes(ours);
            yield return new Comparison($"hit, {name}, bytes", bytes, PairedTimer.CountBytes(baseline), bytes, "0 bytes", bytes == 0);
        }

        IPredictor<Transaction, Decision> plain = Network.Pipeline(model, static b => b);
        IPredictor<Transaction, Decision> hashed = Network.Pipeline(model, static b => b.Cache());
        foreach (Transaction input in inputs)
        {
            if (hashed.PredictAsync(input).Result != plain.PredictAsync(input).Result || hashed.PredictAsync(input).Result != plain.PredictAsync(input).Result)
            {
                throw new InvalidOperationException("A cached prediction is another one.");
            }
        }

        Action<int> hit = Loop(hashed, inputs);
        (double hitTime, double runTime, double hitRatio) = PairedTimer.Measure(hit, Loop(plain, inputs));
        yield return new Comparison("hit by the hash of 30 numbers, encoding included, vs the pipeline without a cache", hitTime, runTime, hitRatio, "none", true);
        double hitBytes = PairedTimer.CountBytes(hit);
        yield return new Comparison("hit by the hash of 30 numbers, bytes", hitBytes, 0, hitBytes, "0 bytes", hitBytes == 0);

        (double missTime, runTime, double missRatio) = PairedTimer.Measure(MissLoop(Network.Pipeline(model, static b => b.Cache())), MissLoop(plain));
        yield return new Comparison("miss by the hash of 30 numbers, cache full, vs the pipeline without a cache", missTime, runTime, missRatio, "none", true);
    }

    private static long[] Numbers() => [.. Enumerable.Range(0, 256).Select(static i => i * 7919L)];

    private static string[] Texts() => [.. Enumerable.Range(0, 256).Select(static i => $"card-{i * 7919}")];

    private static Card[] Cards() => [.. Enumerable.Range(0, 256).Select(static i => new Card(i * 7919L, i, i % 7))];

    private static IPredictor<TKey, Decision> Keyed<TKey>(OnnxModel model) => Predictor.For<TKey>()
        .Preprocess(static (key, inputs) => inputs.Get<float>("features").Fill(key!.GetHashCode() % 1000 / 1000f))
        .Run(model)
        .Postprocess(static (_, outputs) => new Decision(outputs.Get<float>("score")[0], true))
        .Cache(static key => key)
        .Build();

    private static Action<int> Loop<TIn>(IPredictor<TIn, Decision> predictor, TIn[] inputs)
    {
        foreach (TIn input in inputs)
        {
            predictor.PredictAsync(input).GetAwaiter().GetResult();
        }

        return count =>
        {
            for (int i = 0; i < count; i++)
            {
                predictor.PredictAsync(inputs[i & 255]).GetAwaiter().GetResult();
            }
        };
    }

    // Never the same input again.
    private static Action<int> MissLoop(IPredictor<Transaction, Decision> predictor)
    {
        Transaction input = Transaction.Create(1);
        int next = 0;
        return count =>
        {
            for (int i = 0; i < count; i++)
            {
                input.Amount = BitConverter.Int32BitsToSingle(0x3f00_0000 + next++);
                predictor.PredictAsync(input).GetAwaiter().GetResult();
            }
        };
    }

    // The keys are objects already: what boxing them would cost is not held against the other side.
    private static Action<int> Bare(MemoryCache cache, object[] keys)
    {
        foreach (object key in keys)
        {
            cache.Set(key, new object(), new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) });
        }

        return count =>
        {
            for (int i = 0; i < count; i++)
            {
                if (!cache.TryGetValue(keys[i & 255], out object? _))
                {
                    throw new InvalidOperationException("The other side does not find what it looks for.");
                }
            }
        };
    }

    private readonly record struct Card(long Number, int Shop, double Amount);
}
