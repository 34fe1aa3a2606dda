using System.Diagnostics;

namespace RealtimeInference.Benchmarks.OpenLoop;

/// <summary>How a request of an open loop ended.</summary>
internal enum Outcome : byte
{
    Lost,
    Answered,
    Refused,
    Expired,
}

/// <summary>
/// An open loop: requests come at random times that do not depend on the answers (a Poisson process), as from many users who
/// do not know of each other.
/// </summary>
/// <remarks>
/// Honest about coordinated omission: the times of arrival are fixed beforehand, and latency counts from them. Where the
/// generator is late, because it slept a little too long or got no processor, it hands over all that is due at once, and the
/// delay is part of the latency. Each request starts as a work item of the thread pool, as it does in a server.
/// </remarks>
/// <param name="ask">Asks once: the request's number, and how long ago it was due.</param>
internal sealed class OpenLoad(Func<int, TimeSpan, ValueTask> ask)
{
    private const int Seed = 7;
    private const double Many = 5000;

    private long[] _due = [];
    private long[] _latencies = [];
    private long[] _callTimes = [];
    private Outcome[] _outcomes = [];
    private int _left;
    private long _leastSleep;

    /// <summary>Runs the load and waits for the last answer.</summary>
    /// <param name="perSecond">How many requests come in a second, on average.</param>
    /// <param name="time">For how long.</param>
    /// <returns>How they ended.</returns>
    public OpenResult Run(double perSecond, TimeSpan time)
    {
        Prepare(perSecond, time);
        _left = _due.Length;

        // A thread that wakes for each of ten thousand requests a second would take a good part of a processor.
        _leastSleep = perSecond > Many ? Stopwatch.Frequency / 2000 : 0;
        var generator = new Thread(Generate) { IsBackground = true, Name = "open loop" };
        long start = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 100);
        foreach (ref long due in _due.AsSpan())
        {
            due += start;
        }

        generator.Start();
        generator.Join();
        var patience = Stopwatch.StartNew();
        while (Volatile.Read(ref _left) > 0)
        {
            if (patience.Elapsed > TimeSpan.FromMinutes(2))
            {
                throw new InvalidOperationException($"{_left} requests were never answered.");
            }

            Thread.Sleep(5);
        }

        return new OpenResult(_due, _latencies, _callTimes, _outcomes);
    }

    /// <summary>Lets go of what was measured.</summary>
    public void Clear() => (_due, _latencies, _callTimes, _outcomes) = ([], [], [], []);

    // Before the clock runs, so that the generator has nothing to compute and the results nowhere to grow.
    private void Prepare(double perSecond, TimeSpan time)
    {
        var random = new Random(Seed);
        var due = new List<long>((int)(perSecond * time.TotalSeconds * 1.1));
        double at = 0;
        while (true)
        {
            at -= Math.Log(1 - random.NextDouble()) / perSecond;
            if (at >= time.TotalSeconds)
            {
                break;
            }

            due.Add((long)(at * Stopwatch.Frequency));
        }

        _due = [.. due];
        _latencies = new long[_due.Length];
        _callTimes = new long[_due.Length];
        _outcomes = new Outcome[_due.Length];
    }

    private void Generate()
    {
        for (int i = 0; i < _due.Length; i++)
        {
            long wait;
            while ((wait = _due[i] - Stopwatch.GetTimestamp()) > 0)
            {
                ShortSleep.Sleep(Math.Max(wait, _leastSleep));
            }

            ThreadPool.UnsafeQueueUserWorkItem(new Request(this, i), preferLocal: false);
        }
    }

    private async Task AskAsync(int index)
    {
        long called = Stopwatch.GetTimestamp();
        Outcome outcome = Outcome.Lost;
        try
        {
            await ask(index, Stopwatch.GetElapsedTime(_due[index], called)).ConfigureAwait(false);
            outcome = Outcome.Answered;
        }
        catch (OverloadedException)
        {
            outcome = Outcome.Refused;
        }
        catch (DeadlineExceededException)
        {
            outcome = Outcome.Expired;
        }

        long now = Stopwatch.GetTimestamp();
        _latencies[index] = now - _due[index];
        _callTimes[index] = now - called;
        _outcomes[index] = outcome;
        Interlocked.Decrement(ref _left);
    }

    private sealed class Request(OpenLoad load, int index) : IThreadPoolWorkItem
    {
        public void Execute() => _ = load.AskAsync(index);
    }
}
