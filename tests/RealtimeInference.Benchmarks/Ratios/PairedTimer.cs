using System.Diagnostics;

namespace RealtimeInference.Benchmarks.Ratios;

/// <summary>Times two ways of doing the same thing in turns, so that a machine whose speed drifts slows both alike.</summary>
internal static class PairedTimer
{
    private const int Rounds = 41;
    private static readonly TimeSpan s_slice = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(1.5);

    /// <summary>Measures both sides.</summary>
    /// <param name="ours">Does it so many times.</param>
    /// <param name="baseline">Does it so many times.</param>
    /// <returns>Medians in nanoseconds for one time, and the median of the ratios of the rounds.</returns>
    public static (double Ours, double Baseline, double Ratio) Measure(Action<int> ours, Action<int> baseline)
    {
        int oursCount = WarmUp(ours);
        int baselineCount = WarmUp(baseline);
        var times = new (double Ours, double Baseline)[Rounds];
        for (int i = 0; i < Rounds; i++)
        {
            // Who goes first alternates: the second inherits warm caches and a raised clock.
            double first = i % 2 == 0 ? Time(ours, oursCount) : Time(baseline, baselineCount);
            double second = i % 2 == 0 ? Time(baseline, baselineCount) : Time(ours, oursCount);
            times[i] = i % 2 == 0 ? (first, second) : (second, first);
        }

        return (Ratios.Rounds.Median(times.Select(static t => t.Ours)), Ratios.Rounds.Median(times.Select(static t => t.Baseline)), Ratios.Rounds.Median(times.Select(static t => t.Ours / t.Baseline)));
    }

    /// <summary>Counts the bytes that this thread allocates for one time.</summary>
    public static double CountBytes(Action<int> action)
    {
        const int Count = 100_000;
        action(Count);
        long before = GC.GetAllocatedBytesForCurrentThread();
        action(Count);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Count;
    }

    // Long enough for the JIT to have compiled the last tier; then sized so that a slice is long against the clock's steps.
    private static int WarmUp(Action<int> action)
    {
        var watch = Stopwatch.StartNew();
        int count = 0;
        while (watch.Elapsed < s_warmUp)
        {
            action(1000);
            count += 1000;
        }

        return Math.Max(100, (int)(count * (s_slice / watch.Elapsed)));
    }

    private static double Time(Action<int> action, int count)
    {
        long start = Stopwatch.GetTimestamp();
        action(count);
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / count;
    }
}
