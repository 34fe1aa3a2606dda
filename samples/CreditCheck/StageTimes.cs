using System.Globalization;
using RealtimeInference;

namespace CreditCheck;

/// <summary>How long each stage took, over all applications.</summary>
public sealed class StageTimes
{
    // Keeps the order in which stages first ran.
    private readonly OrderedDictionary<string, List<TimeSpan>> _stages = [];

    /// <summary>Adds the timings of one decision, and their sum; thread-safe.</summary>
    /// <param name="timings">The timings.</param>
    /// <param name="leaveOut">A stage that had nothing to do for this one.</param>
    /// <returns>The sum.</returns>
    public TimeSpan Add(ReadOnlySpan<StageTiming> timings, string? leaveOut)
    {
        TimeSpan sum = TimeSpan.Zero;
        lock (_stages)
        {
            foreach (StageTiming timing in timings)
            {
                if (timing.Stage != leaveOut)
                {
                    Of(timing.Stage).Add(timing.Elapsed);
                }

                sum += timing.Elapsed;
            }

            Of("total").Add(sum);
        }

        return sum;
    }

    public void WriteTo(TextWriter writer)
    {
        writer.WriteLine("stage           times    p50 ms    p99 ms");
        foreach ((string stage, List<TimeSpan> times) in _stages.OrderBy(static stage => stage.Key == "total"))
        {
            times.Sort();
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{stage,-14}{times.Count,7}{Percentile(times, 50),10:0.000}{Percentile(times, 99),10:0.000}"));
        }
    }

    // The nearest rank: the smallest time that so many percent do not exceed.
    private static double Percentile(List<TimeSpan> sorted, int percent) => sorted[((sorted.Count * percent) + 99) / 100 - 1].TotalMilliseconds;

    private List<TimeSpan> Of(string stage)
    {
        if (!_stages.TryGetValue(stage, out List<TimeSpan>? times))
        {
            _stages.Add(stage, times = []);
        }

        return times;
    }
}
