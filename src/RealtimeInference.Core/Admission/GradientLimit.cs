namespace RealtimeInference;

/// <summary>How many predictions may be in flight, found from their latency alone. Not thread-safe.</summary>
/// <remarks>
/// <para>
/// The algorithm is Gradient2 of Netflix' concurrency-limits (github.com/Netflix/concurrency-limits, Gradient2Limit), written
/// from its published description; its ancestor is TCP Vegas (Brakmo and Peterson, 1995). The gradient compares the long-term
/// average of latency with the latest measurement: below 1 something queues, and the limit shrinks in proportion.
/// </para>
/// <para>
/// One thing is different. In Gradient2 the average also learns from latency that the limit itself causes. Under a load that
/// never ends the two rise together, and the limit grows without end: in a simulation of 8 servers under threefold load it went
/// to 240 and on. So here the average does not rise while requests are refused. Instead, as with the minimum of TCP BBR
/// (ProbeRTT; Cardwell et al., 2016), the limit is halved from time to time until latency stops falling, and what is measured
/// then becomes the average.
/// </para>
/// </remarks>
internal sealed class GradientLimit
{
    private const double LeastGradient = 0.5;
    private const double DropFactor = 0.9;

    // A long average that is this many times the latest measurement is left over from an overload.
    private const double StaleRatio = 2;
    private const double StaleFactor = 0.95;

    // A probe goes on for as long as half the limit makes latency fall below this part of what it was.
    private const double FallenFactor = 0.9;

    private readonly ConcurrencyLimitOptions _options;
    private double _limit;
    private double _long;
    private int _count;
    private int _refusing;

    // While probing: the lowered limit, the least latency so far, and whether predictions from before are still being answered.
    private int _probe;
    private double _least;
    private bool _isDraining;

    public GradientLimit(ConcurrencyLimitOptions options)
    {
        _options = options;
        _limit = options.InitialLimit;

        // The first average may have been taken in the middle of an overload, so the first probe comes early.
        _refusing = options.LongWindow - (options.LongWindow / 10);
    }

    /// <summary>Gets how many may be in flight now.</summary>
    public int Limit => _probe > 0 ? Math.Min(_probe, (int)_limit) : (int)_limit;

    /// <summary>Gets the long-term average of latency, in the unit of what is added.</summary>
    public double LongLatency => _long;

    /// <summary>Takes a measurement in.</summary>
    /// <param name="latency">How long predictions took; more than 0.</param>
    /// <param name="inFlight">The most that were in flight.</param>
    /// <param name="isRefusing">Whether requests were refused meanwhile.</param>
    public void Add(double latency, int inFlight, bool isRefusing)
    {
        if (_probe > 0)
        {
            Probe(latency);
            return;
        }

        if (!isRefusing || latency < _long || _count == 0)
        {
            // A plain mean at first, which then passes into the exponential one.
            _count = Math.Min(_count + 1, _options.LongWindow);
            _long += (latency - _long) * Math.Max(1.0 / _count, 2.0 / (_options.LongWindow + 1));
        }

        double gradient = Math.Clamp(_options.RttTolerance * _long / latency, LeastGradient, 1);
        if (_long / latency > StaleRatio)
        {
            _long *= StaleFactor;
        }

        if (isRefusing && ++_refusing >= _options.LongWindow && BeginProbe(latency))
        {
            return;
        }

        // Latency that was measured far below the limit says nothing about what happens at the limit.
        if (isRefusing || inFlight >= _limit / 2)
        {
            double target = (_limit * gradient) + GetQueueSize();
            Set(_limit + (_options.Smoothing * (target - _limit)));
        }
    }

    /// <summary>Takes in that something inside was too full or too late.</summary>
    public void Drop() => Set(_limit * DropFactor);

    private void Set(double limit) => _limit = Math.Clamp(limit, _options.MinLimit, _options.MaxLimit);

    private int GetQueueSize() =>
        _options.QueueSizeFunction is { } function ? Math.Max(0, function((int)_limit)) : _options.QueueSize;

    private bool BeginProbe(double latency)
    {
        _refusing = 0;
        return Lower((int)_limit, latency);
    }

    private bool Lower(int limit, double latency)
    {
        int lower = Math.Max(_options.MinLimit, limit / 2);
        if (lower >= limit)
        {
            return false;
        }

        _probe = lower;
        _least = latency;
        _isDraining = true;
        return true;
    }

    private void Probe(double latency)
    {
        if (_isDraining)
        {
            _isDraining = false;
        }
        else if (latency >= FallenFactor * _least || !Lower(_probe, latency))
        {
            _long = Math.Min(latency, _least);
            _probe = 0;
        }
    }
}
