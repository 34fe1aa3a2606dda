using RealtimeInference.Benchmarks.SmallNetwork;

namespace RealtimeInference.Benchmarks.Ratios;

/// <summary>The whole pipeline over a 30-64-32-1 network, one caller, struct in and struct out, against other ways to do it.</summary>
internal sealed class PipelineGroup : IRatioGroup
{
    public string Name => "pipeline";

    public IEnumerable<Comparison> Run()
    {
        using var ours = new OurPipeline();
        using var binding = new BindingLoop();
        using var mlNet = new MlNetEngine();
        using var named = new NamedValues();
        CheckAgreement(ours, binding, mlNet, named);

        yield return Compare("pipeline vs RunWithBinding loop", Loop(ours), Loop(binding), 1.15);
        double bytes = PairedTimer.CountBytes(Loop(ours));
        yield return new Comparison("pipeline, bytes per prediction vs RunWithBinding loop", bytes, PairedTimer.CountBytes(Loop(binding)), bytes, "0 bytes", bytes == 0);
        yield return Compare("pipeline vs ML.NET PredictionEngine (OnnxTransformer 5.0.1)", Loop(ours), Loop(mlNet), 0.65);
        yield return Compare("pipeline vs NamedOnnxValue of the tutorial", Loop(ours), Loop(named), 0.65);
        yield return Compare("pipeline with the caller's context, every stage timed, vs RunWithBinding loop", TimedLoop(ours), Loop(binding), bar: null);
    }

    // A comparison of things that answer differently says nothing.
    private static void CheckAgreement(params IContender[] contenders)
    {
        for (int seed = 0; seed < 100; seed++)
        {
            Transaction transaction = Transaction.Create(seed);
            float expected = contenders[0].Predict(transaction).Score;
            foreach (IContender contender in contenders)
            {
                float score = contender.Predict(transaction).Score;
                if (Math.Abs(score - expected) > 1e-6f)
                {
                    throw new InvalidOperationException($"{contender.GetType().Name} answers {score}, the pipeline {expected}.");
                }
            }
        }
    }

    private static Comparison Compare(string name, Action<int> ours, Action<int> baseline, double? bar)
    {
        (double oursTime, double baselineTime, double ratio) = PairedTimer.Measure(ours, baseline);
        return new Comparison(name, oursTime, baselineTime, ratio, bar is null ? "none" : FormattableString.Invariant($"at most {bar:0.00}"), bar is null || ratio <= bar);
    }

    private static Action<int> Loop<T>(T contender)
        where T : IContender
    {
        Transaction transaction = Transaction.Create(1);
        return count =>
        {
            for (int i = 0; i < count; i++)
            {
                contender.Predict(transaction);
            }
        };
    }

    private static Action<int> TimedLoop(OurPipeline ours)
    {
        Transaction transaction = Transaction.Create(1);
        return count =>
        {
            for (int i = 0; i < count; i++)
            {
                ours.PredictTimed(transaction);
            }
        };
    }
}
