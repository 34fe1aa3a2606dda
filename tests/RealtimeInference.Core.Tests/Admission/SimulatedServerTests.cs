using Microsoft.Extensions.Time.Testing;

namespace RealtimeInference.Core.Tests.Admission;

/// <summary>The limit in front of a server whose capacity is known, in virtual time.</summary>
public sealed class SimulatedServerTests
{
    private const double ServiceSeconds = 0.01;

    [Theory]
    [InlineData(2, 1)]
    [InlineData(2, 2)]
    [InlineData(8, 1)]
    [InlineData(8, 2)]
    [InlineData(64, 1)]
    [InlineData(64, 2)]
    public void Limit_OverloadWithoutEnd_SettlesAroundTheCapacity(int capacity, int seed)
    {
        var server = new Server(capacity, seed);
        server.Run(load: 3, completions: 100_000);

        Result result = server.Run(load: 3, completions: 100_000);

        // A queue of half the capacity is tolerated, and one of 4 wanted.
        result.MeanLimit.Should().BeInRange(capacity, (1.5 * capacity) + 6);
        result.MostLimit.Should().BeLessThan((2 * capacity) + 10);
        result.Utilization.Should().BeGreaterThan(0.95);
        result.MeanLatency.Should().BeLessThan(ServiceSeconds * ((1.5 * capacity) + 6) / capacity);
        result.RejectedShare.Should().BeApproximately(2.0 / 3, 0.03);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(64)]
    public void Limit_LoadBelowTheCapacity_IsNotInTheWay(int capacity)
    {
        var server = new Server(capacity, seed: 3);
        server.Run(load: 0.6, completions: 50_000);

        Result result = server.Run(load: 0.6, completions: 50_000);

        result.RejectedShare.Should().BeLessThan(0.001);
        result.MeanLatency.Should().BeLessThan(1.5 * ServiceSeconds);
    }

    [Fact]
    public void Limit_OverloadFromTheStart_IsFoundFromAboveToo()
    {
        var server = new Server(capacity: 8, seed: 4, static o => o.InitialLimit = 500);
        server.Run(load: 3, completions: 200_000);

        server.Run(load: 3, completions: 50_000).MeanLimit.Should().BeInRange(8, 18);
    }

    [Fact]
    public void Limit_ServerThatBecomesSlower_SettlesAgain()
    {
        var server = new Server(capacity: 16, seed: 5);
        server.Run(load: 3, completions: 100_000);
        server.Slowdown = 4;
        server.Run(load: 3, completions: 100_000);

        Result result = server.Run(load: 3, completions: 50_000);

        result.MeanLimit.Should().BeInRange(16, 30);
        result.Utilization.Should().BeGreaterThan(0.95);
    }

    [Fact]
    public void Limit_AfterAnOverload_LetsTheNormalLoadThrough()
    {
        var server = new Server(capacity: 16, seed: 6);
        server.Run(load: 3, completions: 100_000);
        server.Run(load: 0.6, completions: 2_000);

        server.Run(load: 0.6, completions: 20_000).RejectedShare.Should().BeLessThan(0.001);
    }

    private sealed record Result(double MeanLimit, int MostLimit, double MeanLatency, double Utilization, double RejectedShare);

    /// <summary>So many workers and one queue; a service time of half a constant and half an exponential; Poisson arrivals.</summary>
    private sealed class Server
    {
        private readonly FakeTimeProvider _clock = new();
        private readonly ConcurrencyLimit _limit;
        private readonly Random _random;
        private readonly int _capacity;
        private readonly PriorityQueue<int, double> _workers = new();
        private readonly PriorityQueue<long, double> _running = new();
        private double _now;
        private double _nextArrival;

        public Server(int capacity, int seed, Action<ConcurrencyLimitOptions>? configure = null)
        {
            var options = new ConcurrencyLimitOptions();
            configure?.Invoke(options);
            _limit = new ConcurrencyLimit(options, _clock);
            _random = new Random(seed);
            _capacity = capacity;
            for (int i = 0; i < capacity; i++)
            {
                _workers.Enqueue(i, 0);
            }
        }

        public double Slowdown { get; set; } = 1;

        public Result Run(double load, int completions)
        {
            double rate = load * _capacity / (ServiceSeconds * Slowdown);
            double begin = _now;
            double busy = 0;
            double latencies = 0;
            double limits = 0;
            int most = 0;
            int arrivals = 0;
            long rejected = _limit.Rejected;
            for (int done = 0; done < completions;)
            {
                if (_running.TryPeek(out long start, out double end) && end <= _nextArrival)
                {
                    _running.Dequeue();
                    MoveTo(end);
                    latencies += _clock.GetElapsedTime(start).TotalSeconds;
                    _limit.Succeed(start);
                    limits += _limit.Limit;
                    most = Math.Max(most, _limit.Limit);
                    done++;
                    continue;
                }

                MoveTo(_nextArrival);
                _nextArrival = _now + (Exponential() / rate);
                arrivals++;
                if (_limit.TryEnter(PredictionPriority.Interactive, out long entered))
                {
                    double service = ServiceSeconds * Slowdown * (0.5 + (0.5 * Exponential()));
                    _workers.TryDequeue(out int worker, out double free);
                    double finish = Math.Max(_now, free) + service;
                    _workers.Enqueue(worker, finish);
                    _running.Enqueue(entered, finish);
                    busy += service;
                }
            }

            double elapsed = _now - begin;
            return new Result(
                limits / completions, most, latencies / completions, busy / (elapsed * _capacity), (double)(_limit.Rejected - rejected) / arrivals);
        }

        private double Exponential() => -Math.Log(1 - _random.NextDouble());

        private void MoveTo(double time)
        {
            _now = time;
            TimeSpan ahead = TimeSpan.FromSeconds(time) - (_clock.GetUtcNow() - _clock.Start);
            if (ahead > TimeSpan.Zero)
            {
                _clock.Advance(ahead);
            }
        }
    }
}
