using System.Diagnostics;

namespace RealtimeInference.Benchmarks.OpenLoop;

/// <summary>How the requests of an open loop ended.</summary>
/// <param name="due">When each was due.</param>
/// <param name="latencies">From then to its end.</param>
/// <param name="callTimes">From the call to its end.</param>
/// <param name="outcomes">How it ended.</param>
internal sealed class OpenResult(long[] due, long[] latencies, long[] callTimes, Outcome[] outcomes)
{
    public int Total => outcomes.Length;

    public int Count(Outcome outcome) => outcomes.Count(o => o == outcome);

    /// <summary>Gets the answers within a time from their arrival, for each second in which requests came.</summary>
    public double Goodput(TimeSpan deadline)
    {
        long limit = (long)(deadline.TotalSeconds * Stopwatch.Frequency);
        int good = 0;
        for (int i = 0; i < outcomes.Length; i++)
        {
            good += outcomes[i] == Outcome.Answered && latencies[i] <= limit ? 1 : 0;
        }

        return good / Stopwatch.GetElapsedTime(due[0], due[^1]).TotalSeconds;
    }

    /// <summary>Gets a quantile of the time from arrival to answer, over those that were answered.</summary>
    public TimeSpan Latency(double quantile) => Quantile(latencies, Outcome.Answered, quantile);

    /// <summary>Gets a quantile of the time from call to end, over those that ended so.</summary>
    public TimeSpan CallTime(Outcome outcome, double quantile) => Quantile(callTimes, outcome, quantile);

    private TimeSpan Quantile(long[] times, Outcome outcome, double quantile)
    {
        long[] sorted = [.. times.Where((_, i) => outcomes[i] == outcome).Order()];
        return sorted.Length == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(0, sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * quantile)]);
    }
}
