namespace RealtimeInference;

/// <summary>Counts the items that the consumer is done with, and reports. Used by the consumer only.</summary>
internal sealed class ProgressTracker
{
    private readonly IProgress<PredictManyProgress>? _progress;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _interval;
    private readonly long _startIndex;
    private readonly long? _totalCount;
    private readonly long _started;

    // Done before one with a smaller index; empty where results come in order.
    private readonly HashSet<long> _early = [];
    private long _completed;
    private long _failed;
    private long _nextIndex;
    private long _reported;

    public ProgressTracker(
        IProgress<PredictManyProgress>? progress, TimeSpan interval, long startIndex, long? totalCount, TimeProvider clock)
    {
        _progress = progress;
        _interval = interval;
        _totalCount = totalCount;
        _clock = clock;
        _startIndex = _nextIndex = startIndex;
        _started = _reported = clock.GetTimestamp();
    }

    /// <summary>Counts an item, and reports if it is time to.</summary>
    public void Add(long index, bool isSuccess)
    {
        if (_progress is null)
        {
            return;
        }

        _completed++;
        _failed += isSuccess ? 0 : 1;
        AdvanceTo(index);
        long now = _clock.GetTimestamp();
        if (_clock.GetElapsedTime(_reported, now) >= _interval)
        {
            _reported = now;
            _progress.Report(Read(now));
        }
    }

    /// <summary>Reports how it ended.</summary>
    public void End() => _progress?.Report(Read(_clock.GetTimestamp()));

    private void AdvanceTo(long index)
    {
        if (index != _nextIndex)
        {
            _early.Add(index);
            return;
        }

        do
        {
            _nextIndex++;
        }
        while (_early.Remove(_nextIndex));
    }

    private PredictManyProgress Read(long now)
    {
        TimeSpan elapsed = _clock.GetElapsedTime(_started, now);
        double rate = elapsed > TimeSpan.Zero ? _completed / elapsed.TotalSeconds : 0;
        return new PredictManyProgress(_completed, _failed, _totalCount, elapsed, rate, TimeLeft(rate), _nextIndex);
    }

    private TimeSpan? TimeLeft(double rate)
    {
        if (_totalCount is not { } total || rate <= 0)
        {
            return null;
        }

        // A source may hold more than it said, and a count may come from before the start.
        double seconds = Math.Max(0, total - _startIndex - _completed) / rate;
        return seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;
    }
}
