namespace RealtimeInference.Benchmarks.Ratios;

/// <summary>Measures two sides in turns, who goes first alternating.</summary>
internal static class Rounds
{
    /// <summary>Measures both sides.</summary>
    /// <param name="count">How many rounds.</param>
    /// <param name="ours">Measures a slice of ours.</param>
    /// <param name="baseline">Measures a slice of the other.</param>
    /// <returns>The medians, and the median of the ratios of the rounds.</returns>
    public static (double Ours, double Baseline, double Ratio) Compare(int count, Func<double> ours, Func<double> baseline)
    {
        ours();
        baseline();
        var rounds = new List<(double Ours, double Baseline)>();
        for (int i = 0; i < count; i++)
        {
            double a = i % 2 == 0 ? ours() : 0;
            double b = baseline();
            rounds.Add((i % 2 == 0 ? a : ours(), b));
        }

        return (Median(rounds.Select(static r => r.Ours)), Median(rounds.Select(static r => r.Baseline)), Median(rounds.Select(static r => r.Ours / r.Baseline)));
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
