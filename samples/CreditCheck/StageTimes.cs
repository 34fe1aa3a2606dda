using System.Globalization;
using RealtimeInference;

namespace CreditCheck;

/// <summary>How long each stage took, over all applications.</summary>
public sealed class StageTimes
{
    // Keeps the order in which stages first ran.
    private readonly OrderedDictionary<string, List<TimeSpan>> _stages = [];

    /// <summary>Adds the timings of one decision, and their sum; thread-safe.</summary>
    /// <returns>The sum.</returns>
    public TimeSpan Add(ReadOnlySpan<StageTiming> timings)
    {
        TimeSpan sum = TimeSpan.Zero;
        lock (_stages)
        {
            foreach (StageTiming timing in timings)
            {
                Of(timing.Stage).Add(timing.Elapsed);
                sum += timing.Elapsed;
            }

            Of("total").Add(sum);
        }

        return sum;
    }

    public void WriteTo(TextWriter writer)
    {
        writer.WriteLine("stage              p50 ms    p99 ms");
        foreach ((string stage, List<TimeSpan> times) in _stages.OrderBy(static stage => stage.Key == "total"))
        {
            times.Sort();
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{stage,-15}{Percentile(times, 50),10:0.000}{Percentile(times, 99),10:0.000}"));
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
