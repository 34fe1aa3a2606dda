using RealtimeInference;

namespace QuickStart;

/// <summary>How long each stage took, over all files.</summary>
public sealed class StageTimes
{
    // Keeps the order in which stages first ran.
    private readonly OrderedDictionary<string, (int Count, TimeSpan Total)> _stages = [];

    public IEnumerable<(string Stage, int Count, TimeSpan Total)> Stages =>
        _stages.Select(stage => (stage.Key, stage.Value.Count, stage.Value.Total));

    /// <summary>Adds the timings of one prediction.</summary>
    /// <returns>Their sum.</returns>
    public TimeSpan Add(ReadOnlySpan<StageTiming> timings)
    {
        TimeSpan sum = TimeSpan.Zero;
        foreach (StageTiming timing in timings)
        {
            (int count, TimeSpan total) = _stages.GetValueOrDefault(timing.Stage);
            _stages[timing.Stage] = (count + 1, total + timing.Elapsed);
            sum += timing.Elapsed;
        }

        return sum;
    }
}
