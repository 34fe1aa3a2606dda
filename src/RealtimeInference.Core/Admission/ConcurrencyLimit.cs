namespace RealtimeInference;

/// <summary>The state of a concurrency limit, for monitoring: ask the predictor for it with <c>GetService</c>. Thread-safe.</summary>
public sealed class ConcurrencyLimit
{
    // Below this a measurement would follow single predictions, and refusals of a round trip would be judged by the last one.
    private const int LeastSamples = 10;
    private const int RoundTrips = 2;

    // How quickly the time that a place is held follows the latest one.
    private const double HoldingWeight = 0.1;

    private static readonly TimeSpan s_unknown = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_leastRetry = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_mostRetry = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly TimeProvider _clock;
    private readonly GradientLimit _gradient;
    private readonly double _bulkShare;
    private int _inFlight;
    private int _peak;
    private int _limit;
    private int _bulkLimit;
    private long _rejected;

    // The measurement under way.
    private long _start;
    private double _sum;
    private int _samples;
    private long _rejectedBefore;

    // In ticks of the clock; 0 until something is measured.
    private double _roundTrip;
    private double _holding;
    private long? _lastDrop;

    // The messages of the latest limit: an overloaded host has better things to do than to format text.
    private Refusal? _refusal;
    private Refusal? _bulkRefusal;

    internal ConcurrencyLimit(ConcurrencyLimitOptions options, TimeProvider clock)
    {
        _clock = clock;
        _gradient = new GradientLimit(options);
        _bulkShare = options.BulkShare;
        _start = clock.GetTimestamp();
        Publish();
    }

    /// <summary>Gets how many predictions may be in flight now.</summary>
    public int Limit => Volatile.Read(ref _limit);

    /// <summary>Gets how many predictions are in flight now.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Gets how many requests were refused so far.</summary>
    public long Rejected => Interlocked.Read(ref _rejected);

    /// <summary>Takes a place, or counts a refusal.</summary>
    /// <param name="priority">Bulk leaves a share of the places to the others.</param>
    /// <param name="start">The time, for whoever gives the place back.</param>
    internal bool TryEnter(PredictionPriority priority, out long start)
    {
        int limit = priority == PredictionPriority.Bulk ? Volatile.Read(ref _bulkLimit) : Limit;
        int inFlight = InFlight;
        while (inFlight < limit)
        {
            int seen = Interlocked.CompareExchange(ref _inFlight, inFlight + 1, inFlight);
            if (seen == inFlight)
            {
                // Two at once may lose one: the peak need not be exact.
                if (inFlight >= Volatile.Read(ref _peak))
                {
                    Volatile.Write(ref _peak, inFlight + 1);
                }

                start = _clock.GetTimestamp();
                return true;
            }

            inFlight = seen;
        }

        Interlocked.Increment(ref _rejected);
        start = 0;
        return false;
    }

    /// <summary>Says why there was no place, and when there should be one.</summary>
    internal OverloadedException Refuse(PredictionPriority priority)
    {
        int limit = Limit;
        bool isBulk = priority == PredictionPriority.Bulk;
        ref Refusal? refusal = ref isBulk ? ref _bulkRefusal : ref _refusal;
        Refusal? current = Volatile.Read(ref refusal);
        if (current is null || current.Limit != limit)
        {
            current = new Refusal(limit, isBulk
                ? FormattableString.Invariant($"The concurrency limit is {limit}, and {_bulkShare:0.##} of it, which is open to bulk, is taken. ") +
                    "Send bulk more slowly, or try again after RetryAfter."
                : $"The concurrency limit of {limit} is reached: more would only wait for each other. " +
                    "Try again after RetryAfter, or send the request to another host.");
            Volatile.Write(ref refusal, current);
        }

        return new OverloadedException(current.Message, GetRetryAfter());
    }

    /// <summary>Gives a place back after a prediction that succeeded, and measures it.</summary>
    internal void Succeed(long start)
    {
        Interlocked.Decrement(ref _inFlight);
        long now = _clock.GetTimestamp();

        // A measurement lost to another thread's is one of thousands; waiting for it would cost each prediction.
        if (_lock.TryEnter())
        {
            try
            {
                Hold(now - start);
                Measure(now, now - start);
            }
            finally
            {
                _lock.Exit();
            }
        }
    }

    /// <summary>Measures how long something took that keeps its place: the first part of a stream.</summary>
    internal void Measure(long start)
    {
        long now = _clock.GetTimestamp();
        lock (_lock)
        {
            Measure(now, now - start);
        }
    }

    /// <summary>Gives a place back after a stream that ended, or that its reader left.</summary>
    internal void End(long start)
    {
        Interlocked.Decrement(ref _inFlight);
        lock (_lock)
        {
            Hold(_clock.GetTimestamp() - start);
        }
    }

    /// <summary>Gives a place back after a failure, whose time says nothing; one of an overload inside lowers the limit.</summary>
    internal void Fail(long start, Exception exception)
    {
        Interlocked.Decrement(ref _inFlight);
        if (exception is not (OverloadedException or DeadlineExceededException))
        {
            return;
        }

        long now = _clock.GetTimestamp();
        lock (_lock)
        {
            // Once per round trip: what was sent before the limit was lowered does not lower it again.
            double roundTrip = _roundTrip > 0 ? _roundTrip : s_unknown.TotalSeconds * _clock.TimestampFrequency;
            if (_lastDrop is { } last && (start < last || now - last < roundTrip))
            {
                return;
            }

            _lastDrop = now;
            _gradient.Drop();
            Publish();
        }
    }

    private void Measure(long now, long latency)
    {
        // A clock of coarse ticks may say 0.
        _sum += Math.Max(1, latency);
        _samples++;
        double mean = _sum / _samples;
        if (_samples < LeastSamples || now - _start < RoundTrips * mean)
        {
            return;
        }

        long rejected = Rejected;
        int peak = Math.Max(Volatile.Read(ref _peak), InFlight);
        bool isRefusing = rejected != _rejectedBefore;
        _roundTrip = mean;
        _start = now;
        _sum = 0;
        _samples = 0;
        _rejectedBefore = rejected;
        Volatile.Write(ref _peak, InFlight);
        _gradient.Add(mean, peak, isRefusing);
        Publish();
    }

    private void Hold(long ticks)
    {
        // 0 stands for nothing measured.
        ticks = Math.Max(1, ticks);
        Volatile.Write(ref _holding, _holding > 0 ? _holding + (HoldingWeight * (ticks - _holding)) : ticks);
    }

    private void Publish()
    {
        int limit = _gradient.Limit;
        Volatile.Write(ref _limit, limit);

        // A limit of 1 would leave bulk no place at all.
        Volatile.Write(ref _bulkLimit, Math.Max(1, (int)(limit * _bulkShare)));
    }

    private TimeSpan GetRetryAfter()
    {
        // What is in flight over what is done per second is, by Little's law, the time that one place is held.
        double ticks = Volatile.Read(ref _holding);
        if (ticks <= 0)
        {
            return s_unknown;
        }

        double seconds = Math.Clamp(ticks / _clock.TimestampFrequency, s_leastRetry.TotalSeconds, s_mostRetry.TotalSeconds);
        return TimeSpan.FromSeconds(seconds);
    }

    private sealed record Refusal(int Limit, string Message);
}
