using RealtimeInference.Benchmarks.Batching;
using RealtimeInference.Benchmarks.Charts;
using RealtimeInference.Benchmarks.Encoders;
using RealtimeInference.Benchmarks.Magika;
using RealtimeInference.Benchmarks.OpenLoop;

namespace RealtimeInference.Benchmarks.Ratios;

/// <summary>Requests that come at random, at shares of what the model can do without batching: what does batching do to latency?</summary>
internal sealed class PoissonGroup : IRatioGroup
{
    private const int Rounds = 3;
    private const int Callers = 32;
    private const int Length = 8;
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(4);
    private static readonly (string Name, double Quantile)[] s_quantiles = [("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999)];

    public string Name => "poisson";

    public IEnumerable<Comparison> Run()
    {
        using (var batched = new OurMagika(Gathering.Batched))
        using (var oneByOne = new OurMagika(Gathering.OneByOne))
        {
            foreach (Comparison comparison in Measure("Magika", i => Ignore(batched.PredictAsync(i)), i => Ignore(oneByOne.PredictAsync(i))))
            {
                yield return comparison;
            }
        }

        using var model = new EncoderModel(EncoderSize.Quick);
        var options = new OnnxModelOptions { IntraOpThreads = 1 };
        using var ours = new OurEncoder(model, options, Gathering.Batched);
        using var single = new OurEncoder(model, options, Gathering.OneByOne);
        long[][] rows = Tokens.CreateMany(1024, Length, Length, seed: 3);
        foreach (Comparison comparison in Measure("Encoder of 2 layers", i => Ignore(ours.PredictAsync(rows[i % 1024])), i => Ignore(single.PredictAsync(rows[i % 1024]))))
        {
            yield return comparison;
        }
    }

    private static IEnumerable<Comparison> Measure(string model, Func<int, ValueTask> batched, Func<int, ValueTask> oneByOne)
    {
        var closed = new SlowLoad(Callers, async (caller, turn) =>
        {
            await oneByOne((turn * Callers) + caller).ConfigureAwait(false);
            return 1;
        });
        closed.Run(TimeSpan.FromSeconds(1));
        double capacity = closed.Run(TimeSpan.FromSeconds(3));
        foreach (double share in new[] { 0.5, 0.7, 0.9 })
        {
            var rounds = new List<(double[] Ours, double[] Baseline)>();
            for (int i = 0; i < Rounds; i++)
            {
                rounds.Add((Latencies(batched, capacity * share), Latencies(oneByOne, capacity * share)));
            }

            for (int q = 0; q < s_quantiles.Length; q++)
            {
                double ours = Ratios.Rounds.Median(rounds.Select(r => r.Ours[q]));
                double baseline = Ratios.Rounds.Median(rounds.Select(r => r.Baseline[q]));
                double ratio = Ratios.Rounds.Median(rounds.Select(r => r.Ours[q] / r.Baseline[q]));
                yield return new Comparison(
                    FormattableString.Invariant($"{model}, {share:0.0} of {capacity:0} per second, {s_quantiles[q].Name}, batching vs one by one, milliseconds"),
                    ours,
                    baseline,
                    ratio,
                    "none",
                    true,
                    new ChartPoint($"poisson {model}", FormattableString.Invariant($"{share:0.0}"), s_quantiles[q].Name));
            }
        }
    }

    private static double[] Latencies(Func<int, ValueTask> ask, double perSecond)
    {
        OpenResult result = new OpenLoad((index, _) => ask(index)).Run(perSecond, s_time);
        return [.. s_quantiles.Select(q => result.Latency(q.Quantile).TotalMilliseconds)];
    }

    private static async ValueTask Ignore<T>(ValueTask<T> task) => await task.ConfigureAwait(false);
}
